"""Values as they cross: what they are here, and how they are written and read."""
