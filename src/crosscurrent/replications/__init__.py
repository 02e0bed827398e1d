"""Published models and results, reproduced beside the published numbers; one file a model."""
