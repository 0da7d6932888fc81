package assess

import (
	"fmt"
	"math"
	"strings"
	"time"

	"accord/shared/aup"
)

// factors gives every factor with its sentence, those that speak for the consumer too.
func factors(a aup.Assessment, c Circumstances) []aup.Factor {
	worst, _ := a.Worst()
	fs := []aup.Factor{beyond(worst), duration(a)}
	fs = append(fs, impact(c)...)
	if f, ok := exposed(a, c); ok {
		fs = append(fs, f)
	}
	return append(append(fs, people(c)...), before(a, c))
}

// before says how long ago another judgement found a significant risk.
func before(a aup.Assessment, c Circumstances) aup.Factor {
	f := aup.Factor{Name: FactorBefore, Unit: "minutes", Sentence: "No judgement within the last hour found a significant risk."}
	if Considers(c.Considered, a.Findings, c.Now) {
		f.Value = max(0, c.Now.Sub(c.Considered.At).Minutes())
		f.Sentence = fmt.Sprintf("A judgement %.1f minutes earlier found a significant risk, too.", f.Value)
	}
	return f
}

func beyond(f aup.Finding) aup.Factor {
	if f.Allowed <= 0 {
		return aup.Factor{Name: FactorBeyond, Value: f.Measured, Unit: f.Unit,
			Sentence: figure(f.Measured, f.Unit) + ", where nothing of the kind is allowed."}
	}
	return aup.Factor{Name: FactorBeyond, Value: f.Beyond(), Unit: "times what is allowed",
		Sentence: fmt.Sprintf("%s is %.2f times the %s allowed.", figure(f.Measured, f.Unit), f.Beyond(), amount(f.Allowed, f.Unit))}
}

// figure is an amount with its unit: "300 requests a minute", "57 % of a day's requests".
func figure(v float64, unit string) string {
	of, share := strings.CutPrefix(unit, "share ")
	if !share && v == 1 && !strings.Contains(unit, " ") {
		of = strings.TrimSuffix(unit, "s")
	}
	return amount(v, unit) + " " + of
}

func amount(v float64, unit string) string {
	if strings.HasPrefix(unit, "share ") {
		return fmt.Sprintf("%.0f %%", 100*v)
	}
	return fmt.Sprintf("%.0f", v)
}

func duration(a aup.Assessment) aup.Factor {
	from, until := a.Findings[0].From, a.Findings[0].Until
	for _, f := range a.Findings {
		if f.From.Before(from) {
			from = f.From
		}
		if f.Until.After(until) {
			until = f.Until
		}
	}
	return aup.Factor{Name: FactorDuration, Value: until.Sub(from).Hours(), Unit: "hours", Sentence: fmt.Sprintf(
		"It was seen within %s, from %s to %s (UTC).", long(until.Sub(from)), minute(from), minute(until))}
}

// long writes a duration as people say it: a minute, 12 minutes, 2.5 hours.
func long(d time.Duration) string {
	switch minutes := math.Ceil(d.Minutes()); {
	case minutes <= 1:
		return "a minute"
	case minutes < 120:
		return fmt.Sprintf("%.0f minutes", minutes)
	}
	return fmt.Sprintf("%.1f hours", d.Hours())
}

func minute(t time.Time) string { return t.UTC().Format(aup.LongMinute) }

func impact(c Circumstances) []aup.Factor {
	share := "The consumer's share of the service's load is not known."
	if c.ServiceShare > 0 {
		share = fmt.Sprintf("The consumer makes %.0f %% of the service's requests.", 100*c.ServiceShare)
	}
	errors := "The service is not seen to fail."
	if c.ServiceErrors > 0 {
		errors = fmt.Sprintf("While it lasts, %.1f %% of the service's requests fail.", 100*c.ServiceErrors)
	}
	risk := yes(FactorAtRisk, c.ServiceShare >= RiskShare && c.ServiceErrors >= RiskErrors,
		fmt.Sprintf("The service itself is at risk: at least %.0f %% of its load is this consumer's, and at least %.0f %% fails.", 100*RiskShare, 100*RiskErrors),
		"The service itself is not at risk.")
	return []aup.Factor{{Name: FactorShare, Value: c.ServiceShare, Unit: "share", Sentence: share},
		{Name: FactorErrors, Value: c.ServiceErrors, Unit: "share", Sentence: errors}, slower(c.ServiceLatency), risk}
}

// slower is information: how long an answer takes depends on what is asked.
func slower(times float64) aup.Factor {
	f := aup.Factor{Name: FactorLatency, Value: times, Unit: "times the usual", Sentence: "Whether the service is slower than usual is not known."}
	if times > 0 {
		f.Sentence = fmt.Sprintf("While it lasts, an answer takes %.1f times as long as the day before.", times)
	}
	return f
}

// exposed says how much of the catalogue was read, where a finding is about that.
func exposed(a aup.Assessment, c Circumstances) (aup.Factor, bool) {
	for _, f := range a.Findings {
		if f.Term != aup.TermCrawling {
			continue
		}
		if f.Uncounted {
			return aup.Factor{Name: FactorCatalogue, Value: f.Measured, Unit: "resources",
				Sentence: fmt.Sprintf("%.0f resources were read, none of which the catalogue counts.", f.Measured)}, true
		}
		if c.Catalogue <= 0 {
			return aup.Factor{Name: FactorCatalogue, Value: f.Measured, Unit: "resources",
				Sentence: fmt.Sprintf("%.0f resources were read; how many there are is not known.", f.Measured)}, true
		}
		share := f.Measured / float64(c.Catalogue)
		return aup.Factor{Name: FactorCatalogue, Value: share, Unit: "share",
			Sentence: fmt.Sprintf("%.0f resources were read, %.1f %% of the catalogue.", f.Measured, 100*share)}, true
	}
	return aup.Factor{}, false
}

func people(c Circumstances) []aup.Factor {
	return []aup.Factor{
		yes(FactorIgnored, c.EarlierContact, "An earlier contact was delivered and remained without answer past its deadline.",
			"No earlier contact was ignored."),
		yes(FactorServes, c.Serves, "It is on record what stops if this consumer's access stops.",
			"It is not known what stops if this consumer's access stops."),
		yes(FactorProtected, c.Protected, "What stops is protected: people must approve a suspension.",
			"The consumer is not a protected one."),
		yes(FactorTold, c.Told, "The consumer was delivered this version of the policy.",
			"The consumer was never delivered this version of the policy."),
	}
}

func yes(name string, is bool, so, otherwise string) aup.Factor {
	if is {
		return aup.Factor{Name: name, Value: 1, Unit: "yes or no", Sentence: so}
	}
	return aup.Factor{Name: name, Value: 0, Unit: "yes or no", Sentence: otherwise}
}
