"""The compute ground floor: many worlds at a time, one per lane.  It knows no model.

``compiler``      how equations become machine code: decorators, the literal rule, the fingerprinted cache
``vector_math``   exp, log, sigmoid as plain arithmetic, so that loops over lanes vectorise
``random_streams``counter-based draws keyed by (seed, world, stream, week, item)
``records``       NumPy records with one row of lanes a field
``wiring``        lane loops written from equations, by argument name
``vector_check``  finds loops that lost their vectorisation
"""
