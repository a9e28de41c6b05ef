"""Evidence bundles: the file of a decision that proves itself. docs/reference/evidence-bundle.md says how."""
