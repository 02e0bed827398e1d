"""The system, equations only: one file per subsystem.  Read schema, then any subsystem, then kernel/week.py for
the wiring."""
