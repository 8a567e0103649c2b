package main

import (
	"errors"
	"io/fs"
	"syscall"

	"github.com/akin-vision/akin"
	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/compose"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/serve"
	"github.com/akin-vision/akin/setup"
	"github.com/akin-vision/akin/stimuli"
)

// hintFor says what to do about an error, or nothing.
func hintFor(err error) string {
	var (
		pictures *setup.MissingPictures
		card     *model.CardError
		problems stimuli.Problems
		set      *akin.SetError
		remote   *serve.RemoteError
		unknown  *akin.NoSetError
		layer    *akin.LayerError
		kept     *classify.KeptError
	)
	var hinting interface{ Hint() string }
	switch {
	case errors.As(err, &hinting):
		return hinting.Hint()
	case errors.As(err, &unknown) && unknown.Name == compose.ImageNetRelated:
		return "it needs your ImageNet pictures: akin sets fill " + unknown.Name + " --pictures DIR --out " + unknown.Name
	case errors.As(err, &unknown):
		return "akin sets list shows akin's own sets"
	case errors.As(err, &layer):
		return "name a network with --model; akin models layers lists the layers of one"
	case errors.Is(err, classify.ErrNotEvaluated):
		return "run akin imagenet eval MODEL... --images DIR on them first"
	case errors.As(err, &kept) && kept.What == "check":
		return "run akin models check again"
	case errors.As(err, &kept):
		return "run akin imagenet eval again"
	case errors.Is(err, model.ErrNoLibrary):
		return `run "akin setup", which fetches it; or give --onnxruntime PATH`
	case errors.As(err, &pictures):
		return `run "akin setup", which fetches them; or "akin setup --pictures DIR"`
	case errors.Is(err, setup.ErrNoNPM):
		return "install Node.js, or fetch the files elsewhere and give both --onnxruntime PATH and --pictures DIR"
	case errors.As(err, &card):
		return "write " + card.Card + ` with at least name = "..." and a [recipe]; "akin models show small-resnet --card" prints one to start from`
	case errors.As(err, &set) && errors.As(err, &problems):
		return `mend these places; "akin sets validate ` + set.Set + `" checks again, pictures included`
	case errors.Is(err, syscall.ENOSPC):
		return "the disk is full; nothing kept was harmed. Free some space (akin features gc), or set AKIN_CACHE to a folder on another disk, and run the same command again"
	case errors.As(err, &remote):
		return "give a loopback address such as 127.0.0.1:8080, or --remote to let other machines in, without a password"
	case errors.Is(err, fs.ErrPermission):
		return "check the folder's permissions, or set AKIN_CACHE to a folder you may write"
	}
	return ""
}
