"""The loops inside a week: the update of one group and of one corridor, wired from their equations by name."""

from __future__ import annotations

from ..lanes.vector_math import nothing
from ..lanes.wiring import Loop, Step, step
from ..model import ledger, organizations, trafficking

__all__ = ["GROUP_FIELDS", "GROUP_LOOPS", "PRODUCTS", "ROUTE_FIELDS", "ROUTE_LOOPS", "zeros"]

PRODUCTS = ("fentanyl", "meth", "cocaine", "heroin")
GROUP_FIELDS = (
    "members", "cohesion", "vacancies", "distance", "shield", "kin_members", "kin_estranged", "rival_members",
    "family_members", "estranged_members",
)  # fmt: skip
ROUTE_FIELDS = (
    "disruption",
    *(f"loss_{product}" for product in PRODUCTS),
    *(f"weight_{product}" for product in PRODUCTS),
)


def zeros(*names: str) -> list[Step]:
    """Sums before their first term."""
    return [step(nothing, into=name) for name in names]


_IN_A_GROUP = [
    step(organizations.recruited_members, into="recruited"),
    step(organizations.refilled_members, into="refilled"),
    step(organizations.members_lost_to_state, into="lost_to_state"),
    step(organizations.conflict_deaths_of_group, into="conflict_killed"),
    step(organizations.saturation_losses, into="saturated"),
    step(ledger.running_total, into="conflict_deaths", total="conflict_deaths", added="conflict_killed"),
    step(ledger.running_total, into="recruits_week", total="recruits_week", added="recruited"),
    step(ledger.running_total, into="recruits_week", total="recruits_week", added="refilled"),
    step(ledger.running_total, into="arrested_week", total="arrested_week", added="lost_to_state"),
    step(organizations.counted_apart, into="counted"),
    step(ledger.running_total, into="squared_members", total="squared_members", added="counted"),
    step(organizations.kept_vacancies, into="vacancies"),
    step(organizations.next_members, into="members"),
    step(organizations.next_cohesion, into="cohesion"),
    step(organizations.cohesive_members, into="cohesive"),
    step(ledger.running_total, into="cohesion_sum", total="cohesion_sum", added="cohesive"),
    step(ledger.running_total, into="members_sum", total="members_sum", added="members"),
]
_WITHIN_A_GROUP = (
    "estranged", "recruited", "refilled", "lost_to_state", "conflict_killed", "saturated", "counted", "cohesive",
)  # fmt: skip

GROUP_LOOPS = (
    # Three forms of one update.  A slot's cost is the memory it touches, so a group that never split touches
    # half of it.
    Loop(
        "update_lone_group",
        [step(nothing, into="estranged"), step(organizations.alone, into="family_members"), *_IN_A_GROUP],
        item=tuple(name for name in GROUP_FIELDS if name != "family_members"),
        local=(*_WITHIN_A_GROUP, "family_members"),
    ),
    Loop(
        "update_parent_group",
        [
            step(organizations.family_members),
            step(organizations.estranged_members),
            step(organizations.estranged_siblings, into="estranged"),
            *_IN_A_GROUP,
            *zeros("kin_members", "kin_estranged"),
        ],
        item=GROUP_FIELDS,
        local=_WITHIN_A_GROUP,
    ),
    Loop(
        "update_splinter",
        [
            step(organizations.estranged_siblings, into="estranged"),
            *_IN_A_GROUP,
            step(organizations.next_distance, into="distance"),
        ],
        item=GROUP_FIELDS,
        local=_WITHIN_A_GROUP,
    ),
)

ROUTE_LOOPS = (
    Loop(
        "weigh_route",
        [
            entry
            for product in PRODUCTS
            for entry in (
                step(
                    trafficking.corridor_loss,
                    into=f"loss_{product}",
                    seizure_share=f"seizure_share_{product}",
                ),
                step(
                    trafficking.corridor_weight,
                    into=f"weight_{product}",
                    corridor_share=f"share_{product}",
                    corridor_loss=f"loss_{product}",
                    seizure_share=f"seizure_share_{product}",
                ),
                step(
                    ledger.running_total,
                    into=f"weight_sum_{product}",
                    total=f"weight_sum_{product}",
                    added=f"weight_{product}",
                ),
            )
        ],
        item=ROUTE_FIELDS,
        scalars=("corridor_effort", *(f"share_{product}" for product in PRODUCTS)),
    ),
    Loop(
        "use_route",
        [
            *(
                entry
                for product in PRODUCTS
                for entry in (
                    step(
                        trafficking.corridor_flow,
                        into=f"flow_{product}",
                        potential=f"potential_{product}",
                        shock=f"shock_{product}",
                        capacity="production_capacity" if product in ("fentanyl", "meth") else "farm_capacity",
                        corridor_weight=f"weight_{product}",
                        weight_sum=f"weight_sum_{product}",
                    ),
                    step(
                        ledger.running_total, into=f"sent_{product}", total=f"sent_{product}", added=f"flow_{product}"
                    ),
                    step(
                        trafficking.landed,
                        into=f"landed_{product}",
                        flow=f"flow_{product}",
                        corridor_loss=f"loss_{product}",
                        landed=f"landed_{product}",
                    ),
                    step(
                        trafficking.seized,
                        into=f"seized_{product}",
                        seized=f"seized_{product}",
                        flow=f"flow_{product}",
                        corridor_loss=f"loss_{product}",
                    ),
                )
            ),
            step(
                trafficking.share_shift,
                corridor_weight="weight_fentanyl",
                weight_sum="weight_sum_fentanyl",
                corridor_share="share_fentanyl",
            ),
            step(
                trafficking.route_hits_here,
                corridor_weight="weight_fentanyl",
                weight_sum="weight_sum_fentanyl",
            ),
            step(trafficking.corridor_disruption, into="disruption"),
        ],
        item=ROUTE_FIELDS,
        scalars=("share_fentanyl",),
        local=("route_hits_here", *(f"flow_{product}" for product in PRODUCTS)),
    ),
)
