"""Quotations of results: values in prose and titles."""
