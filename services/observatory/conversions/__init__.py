"""Figures in another vintage of a classification, by the weights of a published table."""
