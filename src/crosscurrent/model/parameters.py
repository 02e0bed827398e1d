"""Names, units and possible ranges of the uncertain parameters, by subsystem.

The range is what the equations can bear; what is plausible is the case's distribution, with its evidence.
"""

from __future__ import annotations

from .schema_types import Parameter

__all__ = ["PARAMETERS"]

_TABLE = """
intelligence
  stand_off_share                 0      1      1
  hardening_per_strike            0      0.2    1
  hardening_decay                 0      0.2    1/week
  intelligence_gain_surveillance  0      1      1/week
  intelligence_gain_partner       0      1      1/week
  intelligence_gain_enforcement   0      1      1/week
  intelligence_decay              0.01   1      1/week
  presence_intelligence           0      1      1
operations
  implementation_force            0      1.2    1
  implementation_enforcement      0      1.2    1
  implementation_civil            0      1.2    1
  implementation_pressure         0      1.2    1
  covert_tempo_share              0      1      1
  hit_probability                 0      1      1
  host_help_weight                0      1      1
  top_leader_share                0      1      1
  top_leader_count                5      100    leaders
  middle_leader_count             50     2000   leaders
  succession_rate                 0.001  0.2    1/week
  logistics_success               0      1      1
  strike_lethality                0      30     deaths/strike
  domestic_lethality              0      30     deaths/strike
  strike_dispersion               0      2      1
  transfer_weight                 0      1      1
  civilian_share_campaigns        0      0.8    1
  civilian_learning               0      4      1
  enforcement_arrest_elasticity   0      1.5    1
  joint_arrest_share              0      1      1
  justice_arrest_effect           0      2      1
  followup_arrests                0      1      1
  top_removal_rate                0      20     1/year
  middle_removal_rate             0      60     1/year
  removal_memory_decay            0.001  0.5    1/week
  police_deaths_per_homicide      0      0.1    deaths/homicide
  soldier_deaths_rate             0      300    deaths/year
  retaliation_forces              0      100    deaths/removal
  retaliation_others              0      100    deaths/removal
  us_staff_deaths_rate            0      10     deaths/year
  us_risk_per_strike              0      0.2    deaths/strike
  grievance_us_risk               0      5      1
organizations
  initial_members                 2e4    1e6    members
  recruitment_rate                0      0.01   1/week
  arrests_rate                    0      500    members/week
  conflict_rate                   0      1e-7   1/(member week)
  saturation_rate                 0      2e-7   1/(member week)
  arrest_half_size                0      2e5    members
  vacancy_refill                  0      1.2    1
  vacancy_rate                    0.001  0.5    1/week
  cohesion_loss_top               0      1      1
  cohesion_loss_middle            0      1      1
  cohesion_recovery               0.001  0.5    1/week
  cohesion_recruitment            0      1      1
  cohesion_splinter               0      1      1
  split_probability               0      1      1
  heir_clear_probability          0      1      1
  heir_effect                     0      1      1
  kept_share                      0.3    0.95   1
  sibling_rivalry                 0      200    1
  estrangement_rate               0      0.2    1/week
  merger_rate                     0      2      1/year
  pay_elasticity                  0      1      1
  prevention_build_up             0.001  0.2    1/week
  prevention_effect               -0.5   0.8    1
  pool_elasticity                 0      2      1
  social_build_up                 0.001  0.1    1/week
  social_effect                   -0.1   0.2    1/(billion USD/year)
  grievance_per_strike            0      0.2    1/strike
  grievance_per_civilian          0      0.1    1/death
  grievance_decay                 0.001  0.2    1/week
  grievance_recruitment           0      1      1
  risk_per_strike                 0      2      week/strike
  risk_adjustment                 0.001  0.5    1/week
  risk_deterrence                 0      0.5    1
  noise_persistence               0      0.9995 1
  growth_noise_size               0      0.5    1
violence
  organised_crime_homicides_year  5000   30000  deaths/year
  other_homicides_year            3000   25000  deaths/year
  other_homicides_trend           -0.1   0.1    1/year
  conflict_weight                 0      1      1
  groups_weight                   0      0.8    1
  groups_exponent                 0      2      1
  protection_violence             0      1      1
  conditional_repression          0      1      1
  arms_flow_year                  5e4    1e6    firearms/year
  arms_interdiction_effect        0      1      1
  arms_cooperation_weight         0      1      1
  arms_elasticity                 0      0.5    1
  incarceration_violence          -0.6   0.6    1
  violence_noise_size             0      0.5    1
  removal_violence                -0.6   1.5    1
  removal_violence_spread         0      1      1
  succession_war_ratio            1      10     1
  removal_local_share             0      3      1
  kill_factor                     0.5    2      1
  burst_decay                     0.001  0.5    1/week
  clash_deaths_rate               0      3000   deaths/year
  missing_ratio                   0      3      1
  concealment_size                0      0.5    1
  strike_deaths_counted           0      1      1
  extortion_year                  1000   30000  victims/year
  extortion_contestation          0      2      1
  displaced_per_homicide          0      20     people/homicide
trafficking
  precursor_control_usual         0      0.5    1
  precursor_effect                0      1      1
  supply_recovery                 0.001  1      1/week
  capacity_per_hit                0      0.1    1/hit
  cohesion_capacity               0      1      1
  lab_loss_enforcement            0      0.5    1
  risk_shipment_deterrence        0      0.5    1
  threshold_deterrence            0      1      1
  threshold_loss                  0.005  0.6    1
  intelligence_seizure_gain       0      3      1
  seizure_share_fentanyl          0.005  0.5    1
  seizure_share_meth              0.005  0.6    1
  seizure_share_cocaine           0.005  0.6    1
  seizure_share_heroin            0.005  0.5    1
  route_substitution              0      1      1
  route_risk_sensitivity          0      30     1
  disruption_per_hit              0      0.5    1/hit
  disruption_decay                0.005  1      1/week
  shipment_size                   0.5    200    kg
  fentanyl_pure_year              1      15     t/year
  fentanyl_volume_growth          -0.1   0.4    1/year
  mexican_share_early             0      1      1
  meth_pure_year                  40     600    t/year
  meth_growth                     0      0.4    1/year
  cocaine_pure_year               60     400    t/year
  heroin_pure_year                10     150    t/year
  purity_reference                0.02   0.6    1
  purity_response                 0      2      1
  purity_meth                     0.3    1      1
  purity_cocaine                  0.3    1      1
  purity_heroin                   0.1    1      1
  pandemic_meth                   0      2      1
  pandemic_cocaine                0      2      1
  pandemic_heroin                 0      2      1
  shock_2019_size                 0      1.5    1
  shock_2023_size                 0      2      1
  shock_2019_decay                0.001  0.2    1/week
  shock_2023_decay                0.001  0.2    1/week
market
  initial_opioid_users            0.5    5      million people
  opioid_users_usual              0.5    5      million people
  initiation_early                0.1    2      million people/year
  initiation_late                 0.05   1      million people/year
  cessation_rate                  0.02   0.5    1/year
  treatment_cessation             0      2      1
  other_death_rate                0      0.05   1/year
  price_participation             0      1      1
  treated_share_illicit           0      1      1
  treatment_risk_ratio            0      1      1
  treatment_response              0      1.2    1
  reversal_response               -1     1.2    1
  deaths_supply_elasticity        0      1.1    1
  overdose_scale                  0.2    3      1
  demand_fall_2023                0      0.8    1
  fall_speed_2023               0.001  0.2    1/week
  substitution_share              0      1      1
  substitution_rate               0.001  0.5    1/week
  other_overdose_year             1e4    8e4    deaths/year
  other_overdose_trend            -0.2   0.2    1/year
  stimulant_supply_elasticity     0      1.1    1
  demand_elasticity_opioids       -3     -0.05  1
  demand_elasticity_stimulants    -3     -0.05  1
  price_adjustment                0.01   1      1/week
finance
  export_revenue_year             1      40     billion USD/year
  export_share_fentanyl           0      1      1
  export_share_meth               0      1      1
  export_share_cocaine            0      1      1
  export_share_heroin             0      1      1
  domestic_income_year            0      40000  million USD/year
  freeze_effect                   0      0.5    1
  designation_bite                0      0.5    1
  displacement_to_domestic        0      3      1
  displacement_speed              0.001  0.5    1/week
  strike_unit_cost                0.01   10     million USD/strike
  surveillance_year_cost          0      5000   million USD/year
  presence_year_cost              0      5000   million USD/year
  widening_cost                   0      5      1
  joint_year_cost                 0      5000   million USD/year
  interdiction_year_cost          0      20000  million USD/year
  treatment_year_cost             0      100000 million USD/year
  financial_year_cost             0      5000   million USD/year
  precursor_year_cost             0      5000   million USD/year
  arms_year_cost                  0      5000   million USD/year
  dialogue_year_cost              0      1000   million USD/year
  enforcement_year_cost           0      20000  million USD/year
  justice_year_cost               0      20000  million USD/year
  prevention_year_cost            0      20000  million USD/year
opinion
  success_memory                  0.001  0.5    1/week
  rally_size                      0      2      logit
  rally_decay                     0.01   0.9    1/week
  support_base_consented          -3     3      logit
  support_base_unilateral         -4     2      logit
  support_success                 0      4      logit
  support_casualties              0      4      logit
  support_duration                0      2      logit/year
  opinion_speed                   0.005  1      1/week
  opposition_base                 -2     3      logit
  opposition_unilateral           0      5      logit
  opposition_threat               0      5      logit
  opposition_civilians            0      1      logit/death
  opposition_violence_relief      0      3      logit
  opposition_presence             0      2      logit
  opposition_speed                0.005  1      1/week
  feeling_speed                   0.001  0.5    1/week
diplomacy
  initial_trust                   0      1      1
  trust_base                      0      1      1
  trust_speed                     0.001  0.2    1/week
  trust_dialogue                  0      0.6    1
  trust_joint                     -0.2   0.5    1
  trust_unilateral                0      1      1
  trust_designation               0      0.5    1
  trust_surveillance              0      0.5    1
  threat_spends                   0      1      1
  threat_buys                     0      1      1
  threat_breaks                   0      1      1
  threat_fatigue_rate             0.0005 0.2    1/week
  unilateral_cooperation_loss     0      1      1
  cooperation_speed               0.01   1      1/week
  security_base                   0      1      1
  security_trust                  0      2      1
  security_rupture                0      1      1
  security_threat                 0      1      1
  security_chill                  0      0.5    1
  migration_base                  0      1      1
  migration_trust                 0      2      1
  migration_rupture               0      1      1
  migration_threat                0      1      1
  migration_chill                 0      0.5    1
  extradition_base                0      1      1
  extradition_trust               0      2      1
  extradition_rupture             0      1      1
  extradition_threat              0      1      1
  extradition_chill               0      0.5    1
  trade_base                      0      1      1
  trade_trust                     0      2      1
  trade_rupture                   0      1      1
  trade_threat                    0      1      1
  trade_chill                     0      0.5    1
  extraditions_year               10     300    persons/year
  consent_steepness               0.5    20     1
  consent_discount                0      1      1
  consent_effort                  0      2      1
  consent_benefit                 0      3      1
  sovereignty_base                0      2      1
  sovereignty_threat              0      2      1
  sovereignty_opinion             0      3      1
  overflight_base                 -4     5      logit
  overflight_speed                0.005  1      1/week
  exposure_hazard                 0      1      1/strike
  rupture_hazard_base             0      2      1/year
  rupture_hazard                  0      1      1/week
  rupture_decay                   0.002  0.5    1/week
  alignment_speed                 0.0002 0.05   1/week
  alignment_trust                 0      1.5    1
migration
  encounters_year                 1e5    3e6    encounters/year
  push_trend                      -0.2   0.4    1/year
  migration_noise_size            0      1.5    1
  adaptation_rate                 0.002  0.5    1/week
  regime_sensitivity              0      4      1
  regime_lasting                  0      1      1
  stops_effect                    0      1      1
  stops_usual                     0      0.8    1
  stops_surge_decay               0.005  0.5    1/week
  repeat_share                    0      0.6    1
  violence_migration              0      1      1
  displaced_crossing              0      1      1
law
  self_defence_recognised         0      1      1
  clock_political_cost            0      2      logit
  precedent_per_strike            0      0.2    1/strike
  precedent_decay                 0      0.05   1/week
  widening_hazard                 0      2      1/year
ledger
  history_error_enforcement       -1     1      1
  history_error_border            -1     1      1
  history_error_market            -1     1      1
  history_error_social            -1     1      1
"""


def _read(table: str) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    subsystem = ""
    for line in table.strip().splitlines():
        if not line.startswith(" "):
            subsystem = line.strip()
            continue
        name, low, high, unit = line.split(maxsplit=3)
        found[name] = Parameter(name, float(low), float(high), unit.strip(), subsystem)
    return found


PARAMETERS: dict[str, Parameter] = _read(_TABLE)
"""Every parameter by name."""
