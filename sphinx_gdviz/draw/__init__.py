"""The pictures: a result becomes a drawing of marks, and that SVG, PDF and PNG."""
