"""Exports of an experiment: data of the page, programs, notebooks."""
