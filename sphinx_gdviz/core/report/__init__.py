"""Numbers and sentences for readers, and answers to what an author quotes."""
