"""Answer what people ask with what they have: a name, a line of code, an error message."""
