"""Forms made from the structs of the domain."""
