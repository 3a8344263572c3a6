"""What each builder gets: pictures, scripts, links, notebooks."""
