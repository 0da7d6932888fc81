package schools

import (
	"fmt"
	"time"
)

// think is how long somebody reads before the next click.
func (c Caller) think() time.Duration { return 2*time.Second + time.Duration(25e9*c.ExpFloat64()) }

// living draws a postcode of an authority.
func (c Caller) living(authority int) postcode {
	each := len(c.postcodes) / len(c.codes)
	return c.postcodes[authority*each+c.IntN(each)]
}

// family draws where somebody lives who looks for a school: more people live near those that are sought.
func (c Caller) family() postcode { return c.living(c.home[c.popular()]) }

// name is what an establishment is called: many have the same.
func name(i int) string {
	after := []string{"st-marys", "holy-trinity", "oakfield", "hillside", "park-lane", "the-grove", "riverside", "little-acorns", "manor"}
	sort := []string{"primary", "infants", "academy", "nursery", "high", "playgroup", "juniors", "college"}
	h := uint32(i) * 2654435761
	return after[(h>>8%9)*(h>>16%9)/9] + "-" + sort[h>>24%8]
}

// visit is a session on a website: a search around a home, and a few results looked at.
func (c Caller) visit(at time.Time) {
	home := c.family()
	c.near(at, home, 1+2*c.IntN(3), 1)
	for range 1 + c.IntN(4) {
		at = at.Add(c.think())
		i := c.around(home, 6)[c.IntN(6)]
		c.inspection(at, i)
		if c.IntN(3) == 0 {
			c.room(at.Add(c.think()), i)
		}
	}
}

// families use a website for the whole country: some search around home, others type the name of a school they know of.
func families(c Caller) {
	for _, at := range c.Awake(c.N(105)) {
		if c.IntN(5) < 3 {
			c.visit(at)
			continue
		}
		i := c.popular()
		c.named(at, i)
		c.look(at.Add(c.think()), i)
		c.room(at.Add(c.think()), i)
	}
}

// offerDay is a national helpline: on the morning when places are offered everybody calls, most about the same schools.
func offerDay(c Caller) {
	morning := func() time.Duration { return 32*time.Hour + time.Duration(75*c.ExpFloat64()*float64(time.Minute)) }
	for _, at := range append(c.Awake(c.N(85)), c.Moments(c.N(130), morning)...) {
		i := c.popular()
		if c.IntN(3) == 0 {
			c.near(at, c.living(c.home[i]), 3, 1)
		}
		c.look(at.Add(3*time.Second), i)
		c.room(at.Add(9*time.Second), i)
	}
}

// transportDesk of an authority works out each child's way once: where it lives, and the school that it is to go to.
func transportDesk(c Caller) {
	authority := c.IntN(len(c.codes))
	for _, at := range c.Office(c.N(150)) {
		home := c.living(authority)
		c.near(at, home, 3, 1)
		c.look(at.Add(c.think()), c.around(home, 5)[c.IntN(5)])
		if c.IntN(6) == 0 {
			c.terms(at.Add(c.think()), authority)
		}
	}
}

// childcareApp runs on telephones, each with an address of its own: what has a place left, near to where one is.
func childcareApp(c Caller) {
	for _, at := range c.Awake(c.N(74)) {
		c.Source = fmt.Sprintf("198.19.%d.%d", c.IntN(256), c.IntN(256))
		home := c.family()
		c.near(at, home, 2, 1)
		for _, i := range c.around(home, 3+c.IntN(5)) {
			if at = at.Add(200 * time.Millisecond); i >= c.schools {
				c.room(at, i)
			}
		}
		c.look(at.Add(c.think()), c.around(home, 1)[0])
	}
}

// mileFurther is a website whose visitors need a place now: they widen the circle until something has one.
func mileFurther(c Caller) {
	for _, at := range c.Awake(c.N(70)) {
		home := c.family()
		for step, miles := range []int{1, 2, 3, 5, 10, 20} {
			c.near(at, home, miles, 1)
			c.room(at.Add(c.think()), c.around(home, 6)[step])
			if at = at.Add(time.Minute + c.think()); c.IntN(3) == 0 {
				c.look(at, c.around(home, 6)[step])
				break
			}
		}
	}
}

// scrolling is the tool of a team of inspectors: the lists of its authorities, far down, and some establishments of them.
func scrolling(c Caller) {
	first := c.IntN(len(c.codes) - 3)
	for _, at := range c.Office(c.N(26)) {
		authority := first + c.IntN(3)
		road := c.road[authority]
		for page := range 1 + c.IntN(1+len(road)/perPage) {
			c.list(at, authority, page+1)
			if at = at.Add(c.think() / 4); c.IntN(4) == 0 {
				c.inspection(at, road[c.IntN(len(road))])
			}
		}
	}
}

// loadedBefore is a website of a region that fetches the first results, and the next page, before anybody opens them.
func loadedBefore(c Caller) {
	first, authorities, ahead := c.IntN(len(c.codes)-6), 1+c.IntN(6), 3+c.IntN(4)
	for _, at := range c.Awake(c.N(56)) {
		home := c.living(first + c.IntN(authorities))
		c.near(at, home, 3, 1)
		c.near(at.Add(250*time.Millisecond), home, 3, 2)
		for k, i := range c.around(home, ahead) {
			c.look(at.Add(time.Duration(300+60*k)*time.Millisecond), i)
		}
	}
}

// supply is an agency for teachers: any school may call, and is looked up for the booking; none is popular.
func supply(c Caller) {
	for _, at := range c.Office(c.N(170)) {
		i := c.IntN(c.schools)
		c.look(at, i)
		if c.IntN(4) == 0 {
			c.terms(at.Add(c.think()), c.home[i])
		}
	}
}
