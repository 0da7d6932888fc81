package policydoc

import "strings"

// nearest finds the word that was probably meant: the same but for case, hyphens and underscores, or at most
// two slips away (one for words shorter than six letters).
func nearest(s string, words []string) (string, bool) {
	if len(s) > maxWord {
		return "", false
	}
	best, least := "", 3
	for _, w := range words {
		d := slips(flat(s), flat(w))
		if d < least && (d < 2 || min(len(s), len(w)) >= 6) {
			best, least = w, d
		}
	}
	return best, best != ""
}

// maxWord bounds the work of nearest: no key, term or clause id is longer.
const maxWord = 80

func flat(s string) string {
	return strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(s))
}

// slips counts the letters to add, remove, change or swap with their neighbour to make a into b.
func slips(a, b string) int {
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := range len(a) {
		before, last, row := rows[0], rows[1], rows[2]
		row[0] = i + 1
		for j := range len(b) {
			change := 1
			if a[i] == b[j] {
				change = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+change)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		rows = [3][]int{last, row, before}
	}
	return rows[1][len(b)]
}
