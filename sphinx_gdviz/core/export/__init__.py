"""What leaves the build: data of the page, programs, notebooks."""
