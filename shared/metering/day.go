package metering

import (
	"encoding/binary"
	"errors"
	"hash/crc32"

	"accord/shared/usage"
)

// sum is how many bytes the checksum has that stands behind a stored day.
const sum = crc32.Size

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// EncodeDay is a day as it is stored: people lose their access over it, so its bytes end with their CRC-32C.
func EncodeDay(d *usage.Day) []byte {
	b := usage.EncodeDay(d)
	return binary.BigEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

// DecodeDay reads what EncodeDay wrote; bytes that are not the ones that were written are an error.
func DecodeDay(b []byte) (usage.Day, error) {
	n := len(b) - sum
	if n < 0 || crc32.Checksum(b[:n], castagnoli) != binary.BigEndian.Uint32(b[n:]) {
		return usage.Day{}, errors.New("the bytes of this day are not the ones that were stored: restore the item, or delete it and fold its windows again")
	}
	return usage.DecodeDay(b[:n])
}
