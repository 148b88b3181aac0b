"""Strategies of acquisition, one a module: each chooses the sequences that are to be labelled next.

A module defines `choose(candidates, number, rng, *, ...)`, whose keyword-only arguments are the options of the
strategy. It gets `degu.acquisition.candidates.Candidates`, and returns the indices of the chosen ones, int64 (number,).
`USES` names what it reads of them: `student`, `members` and `features`. All else is None, and no model has computed it.
"""
