"""Quotations of results: values in prose, tables and steps."""
