"""Output that depends on the builder: pictures, scripts, links, notebooks."""
