package metering

// Apart gives an item's batch a stream of its own, so that its range is compared with no other's.
func Apart(body []byte, stream string) []byte {
	h, rest, err := decodeHead(body)
	if err != nil {
		panic(err)
	}
	h.batch.Stream = stream
	return append(h.encode(), rest...)
}
