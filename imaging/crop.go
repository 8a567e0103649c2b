package imaging

import "math"

// Where a crop begins.
const (
	halfEven = "half-even"
	floor    = "floor"
	ceiling  = "ceiling" // of Torch7 only
)

// usualRounding is that of the software which the method comes from.
func (r Recipe) usualRounding() string {
	if r.Resize == torch7Bicubic {
		return ceiling
	}
	return halfEven
}

func (r Recipe) cropRounding() string {
	if r.CropRounding == "" {
		return r.usualRounding()
	}
	return r.CropRounding
}

// rounds reports whether some picture leaves an odd number of pixels to cut off.
func (r Recipe) rounds() bool {
	return r.Crop > 0 && (r.Square == 0 || (r.Square-r.Crop)%2 != 0)
}

// cropOffset returns where the crop begins when it is excess pixels shorter than
// the side. A negative excess is padding, of which Hugging Face puts the larger
// half before the picture and torchvision the smaller.
func (r Recipe) cropOffset(excess int) int {
	switch rounding := r.cropRounding(); {
	case rounding == floor:
		return excess >> 1
	case excess < 0:
		return -(-excess / 2)
	case rounding == ceiling:
		return (excess + 1) / 2
	}
	return int(math.RoundToEven(float64(excess) / 2))
}
