"""How worlds are computed: records, loops, the order of a week, start, advance and fork."""
