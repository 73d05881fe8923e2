package conversation

// Summary is everything a manager may see of a week. It has no field for an
// answer of the ladder nor for what the rep wrote about a step, so none can leak
// through it: what is not named here cannot be copied to a manager.
type Summary struct {
	Rep     string  `json:"rep"`
	Manager string  `json:"manager"`
	Step    string  `json:"step"`               // the tiny step, in the rep's words
	Outcome Outcome `json:"outcome,omitempty"`  // done, half or not yet; Unsaid: not told yet
	Next    string  `json:"next,omitempty"`     // the next tiny step, if there is one
	Why     string  `json:"why,omitempty"`      // only when shared: worded as "{rep} is working towards: ..."
	WhyLine string  `json:"why_line,omitempty"` // only when shared as a line of the rep's own: stands instead of Why, as it is
	Version string  `json:"version,omitempty"`  // the rep's own version of the whole text, agreed to; replaces the lines above
}
