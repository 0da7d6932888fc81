package simulate

import (
	"math/rand/v2"

	"accord/shared/simulate/atlas"
	"accord/shared/simulate/bookings"
	"accord/shared/simulate/companies"
	"accord/shared/simulate/directory"
	"accord/shared/simulate/dispensers"
	"accord/shared/simulate/places"
	"accord/shared/simulate/premises"
	"accord/shared/simulate/references"
	"accord/shared/simulate/register"
	"accord/shared/simulate/schools"
	"accord/shared/simulate/stops"
	"accord/shared/simulate/traffic"
	"accord/shared/simulate/urgent"
)

// Set is a set of kinds, and all there is to know of it.
type Set struct {
	Name      string
	Says      string                 // of which kinds it is, for the command line's help
	catalogue func(traffic.Size) int // how much the policy says there is
	kinds     drawing
}

// drawing draws all that there is to ask for, and gives the kinds of use of it, honest ones first.
type drawing func(*rand.Rand, traffic.Size) []traffic.Kind

// Sets are the sets there are. Each after the first was written before anything was tuned on it; docs/detection.md says
// what was since.
var Sets = []Set{
	{"first", "places by number and postcode, on which the detectors were tuned, and some kinds held out", places.Catalogue, places.First},
	{"second", "other uses of the same, on which hardly anything was tuned", places.Catalogue, places.Second},
	{"third", "a directory by references that are not plain numbers; tuned on after its first report", references.Catalogue, references.Kinds},
	{"fourth", "a directory with codes, dates, versions and a feed; tuned on after its first report", directory.Catalogue, directory.Kinds},
	{"fifth", "a register of practices; tuned on after its first report", register.Catalogue, afterPlaces(register.Kinds)},
	{"sixth", "services by number and area, on which hardly anything was tuned", atlas.Catalogue, afterPlaces(atlas.Kinds)},
	{"seventh", "a national register of companies; hardly anything was tuned on it", companies.Catalogue, companies.Kinds},
	{"eighth", "vaccination sites, sessions and lots; hardly anything was tuned on them", bookings.Catalogue, afterPlaces(bookings.Kinds)},
	{"ninth", "a directory of urgent and community services; hardly anything was tuned on it", urgent.Catalogue, afterPlaces(urgent.Kinds)},
	{"tenth", "a national register of schools and childcare; hardly anything was tuned on it", schools.Catalogue, schools.Kinds},
	{"eleventh", "a directory of pharmacies, dentists and opticians; hardly anything was tuned on it", dispensers.Catalogue, dispensers.Kinds},
	{"twelfth", "a national register of food premises and their inspections, on which nothing was tuned", premises.Catalogue, premises.Kinds},
	{"thirteenth", "a national register of public transport stops; hardly anything was tuned on it", stops.Catalogue, stops.Kinds},
}

// afterPlaces draws the first set's places before a set's own world, and forgets them. Places were once part of every world:
// without their draws all later ones, of the world, the keys and what they do, would be others, and a seed no longer the same
// log. A set of which nothing has been measured yet needs none.
func afterPlaces(kinds drawing) drawing {
	return func(r *rand.Rand, size traffic.Size) []traffic.Kind {
		places.Draw(r, size)
		return kinds(r, size)
	}
}

// draw gives a set's kinds. All of the sets after the first are held out.
func (s Set) draw(r *rand.Rand, size traffic.Size) []traffic.Kind {
	kinds := s.kinds(r, size)
	for i := range kinds {
		kinds[i].HeldOut = kinds[i].HeldOut || s.Name != Sets[0].Name
	}
	return kinds
}

// set is the row of a size's set, the first when it names none.
func (s Size) set() Set {
	for _, row := range Sets {
		if row.Name == s.Set {
			return row
		}
	}
	return Sets[0]
}

// Kinds lists the kinds that corpora of a size are made of. What they would ask is in no corpus.
func (s Size) Kinds() []traffic.Kind { return s.set().draw(rand.New(rand.NewPCG(0, 0)), s.Size) }

// Catalogue is how much the policy says there is.
func (s Size) Catalogue() int { return s.set().catalogue(s.Size) }
