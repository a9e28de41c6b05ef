"""The engine that all apps share. No tables, no words of the domain."""
