"""Commands around the rest: schema, completion and recommend."""
