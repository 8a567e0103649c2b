package export

import (
	"errors"
	"strings"
	"testing"

	"github.com/akin-vision/akin/imaging"
	"github.com/google/go-cmp/cmp"
)

var (
	imageNetMean, imageNetStd = []float64{0.485, 0.456, 0.406}, []float64{0.229, 0.224, 0.225}
	clipMean, clipStd         = []float64{0.48145466, 0.4578275, 0.40821073}, []float64{0.26862954, 0.26130258, 0.27577711}
)

const (
	imageNetJSON = `"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]`
	clipJSON     = `"mean": [0.48145466, 0.4578275, 0.40821073], "std": [0.26862954, 0.26130258, 0.27577711]`
)

// TestTranslate has transforms in the form in which each framework describes
// them; the wanted recipes follow from the frameworks' documentation.
func TestTranslate(t *testing.T) {
	cases := []struct {
		name, source, transform string
		want                    imaging.Recipe
	}{
		{"torchvision, first weights", "torchvision", `{"crop_size": [224], "resize_size": [256], "interpolation": "bilinear", ` + imageNetJSON + `}`,
			imaging.Recipe{Resize: "pillow-bilinear", Shorter: 256, Crop: 224, Scale: "1/255", Mean: imageNetMean, Std: imageNetStd}},
		{"torchvision, Inception", "torchvision", `{"crop_size": [299], "resize_size": [342], "interpolation": "bilinear", ` + imageNetJSON + `}`,
			imaging.Recipe{Resize: "pillow-bilinear", Shorter: 342, Crop: 299, Scale: "1/255", Mean: imageNetMean, Std: imageNetStd}},
		{"torchvision, Swin", "torchvision", `{"crop_size": [224], "resize_size": [232], "interpolation": "bicubic", ` + imageNetJSON + `}`,
			imaging.Recipe{Resize: "pillow-bicubic", Shorter: 232, Crop: 224, Scale: "1/255", Mean: imageNetMean, Std: imageNetStd}},
		{"timm, .95 of 224", "timm", `{"input_size": [3, 224, 224], "interpolation": "bicubic", "crop_pct": 0.95, "crop_mode": "center", ` + imageNetJSON + `}`,
			imaging.Recipe{Resize: "pillow-bicubic", Shorter: 235, Crop: 224, Scale: "1/255", Mean: imageNetMean, Std: imageNetStd}},
		{"timm, .875 of 224", "timm", `{"input_size": [3, 224, 224], "interpolation": "bilinear", "crop_pct": 0.875, "crop_mode": "center", ` + imageNetJSON + `}`,
			imaging.Recipe{Resize: "pillow-bilinear", Shorter: 256, Crop: 224, Scale: "1/255", Mean: imageNetMean, Std: imageNetStd}},
		{"timm, squashed", "timm", `{"input_size": [3, 384, 384], "interpolation": "bicubic", "crop_pct": 1.0, "crop_mode": "squash", ` + clipJSON + `}`,
			imaging.Recipe{Resize: "pillow-bicubic", Square: 384, Crop: 384, Scale: "1/255", Mean: clipMean, Std: clipStd}},
		{"open_clip", "open_clip", `{"size": [224, 224], "mode": "RGB", "interpolation": "bicubic", "resize_mode": "shortest", "fill_color": 0, ` + clipJSON + `}`,
			imaging.Recipe{Resize: "pillow-bicubic", Shorter: 224, Crop: 224, Scale: "1/255", Mean: clipMean, Std: clipStd}},
		{"open_clip, SigLIP", "open_clip", `{"size": 256, "mode": "RGB", "interpolation": "bicubic", "resize_mode": "squash", "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]}`,
			imaging.Recipe{Resize: "pillow-bicubic", Square: 256, Scale: "1/255", Mean: []float64{.5, .5, .5}, Std: []float64{.5, .5, .5}}},
		{"open_clip, what is not given", "open_clip", `{"size": 224}`,
			imaging.Recipe{Resize: "pillow-bicubic", Shorter: 224, Crop: 224, Scale: "1/255", Mean: clipMean, Std: clipStd}},
		{"open_clip, a filter drawn in training", "open_clip", `{"size": 224, "interpolation": "random"}`,
			imaging.Recipe{Resize: "pillow-bicubic", Shorter: 224, Crop: 224, Scale: "1/255", Mean: clipMean, Std: clipStd}},
		{"timm, no crop_mode", "timm", `{"input_size": [3, 224, 224], "interpolation": "bicubic", "crop_pct": 0.9, "crop_mode": null, ` + imageNetJSON + `}`,
			imaging.Recipe{Resize: "pillow-bicubic", Shorter: 248, Crop: 224, Scale: "1/255", Mean: imageNetMean, Std: imageNetStd}},
		{"hf, SigLIP", "hf", `{"backend": "pil", "image_processor_type": "SiglipImageProcessor", "do_convert_rgb": true, "do_normalize": true, "do_rescale": true, "do_resize": true, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "resample": 3, "rescale_factor": 0.00392156862745098, "size": {"height": 224, "width": 224}}`,
			imaging.Recipe{Resize: "pillow-bicubic", Square: 224, Scale: "1/255", Mean: []float64{.5, .5, .5}, Std: []float64{.5, .5, .5}}},
		{"hf, DeiT", "hf", `{"backend": "pil", "image_processor_type": "DeiTImageProcessor", "crop_size": {"height": 224, "width": 224}, "do_center_crop": true, "do_normalize": true, "do_rescale": true, "do_resize": true, "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225], "resample": 3, "size": {"height": 256, "width": 256}}`,
			imaging.Recipe{Resize: "pillow-bicubic", Square: 256, Crop: 224, CropRounding: "floor", Scale: "1/255", Mean: imageNetMean, Std: imageNetStd}},
		{"hf, CLIP", "hf", `{"backend": "pil", "image_processor_type": "CLIPImageProcessor", "do_center_crop": true, "do_normalize": true, "do_resize": true, "do_rescale": true, "crop_size": {"height": 224, "width": 224}, "size": {"shortest_edge": 224}, "resample": 3, "rescale_factor": 0.00392156862745098, "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711]}`,
			imaging.Recipe{Resize: "pillow-bicubic", Shorter: 224, Crop: 224, CropRounding: "floor", Scale: "1/255", Mean: clipMean, Std: clipStd}},
		{"hf, CLIP of older files", "hf", `{"backend": "pil", "feature_extractor_type": "CLIPFeatureExtractor", "do_center_crop": true, "do_normalize": true, "do_resize": true, "crop_size": 224, "size": 224, "resample": 3, "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711]}`,
			imaging.Recipe{Resize: "pillow-bicubic", Shorter: 224, Crop: 224, CropRounding: "floor", Scale: "1/255", Mean: clipMean, Std: clipStd}},
		{"hf, DINOv2", "hf", `{"backend": "pil", "image_processor_type": "BitImageProcessor", "crop_size": {"height": 224, "width": 224}, "do_center_crop": true, "do_convert_rgb": true, "do_normalize": true, "do_rescale": true, "do_resize": true, "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225], "resample": 3, "rescale_factor": 0.00392156862745098, "size": {"shortest_edge": 256}}`,
			imaging.Recipe{Resize: "pillow-bicubic", Shorter: 256, Crop: 224, CropRounding: "floor", Scale: "1/255", Mean: imageNetMean, Std: imageNetStd}},
		{"hf, ViT", "hf", `{"backend": "pil", "image_processor_type": "ViTImageProcessor", "do_normalize": true, "do_resize": true, "do_rescale": true, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "resample": 2, "size": {"height": 224, "width": 224}}`,
			imaging.Recipe{Resize: "pillow-bilinear", Square: 224, Scale: "1/255", Mean: []float64{.5, .5, .5}, Std: []float64{.5, .5, .5}}},
		{"hf, ConvNeXT", "hf", `{"backend": "pil", "image_processor_type": "ConvNextImageProcessor", "crop_pct": 0.875, "do_normalize": true, "do_resize": true, "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225], "resample": 3, "size": {"shortest_edge": 224}}`,
			imaging.Recipe{Resize: "pillow-bicubic", Shorter: 256, Crop: 224, CropRounding: "floor", Scale: "1/255", Mean: imageNetMean, Std: imageNetStd}},
		{"hf, ConvNeXT of 384 pixels", "hf", `{"backend": "pil", "image_processor_type": "ConvNextImageProcessor", "crop_pct": 0.875, "do_normalize": true, "do_resize": true, "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225], "resample": 3, "size": {"shortest_edge": 384}}`,
			imaging.Recipe{Resize: "pillow-bicubic", Square: 384, Scale: "1/255", Mean: imageNetMean, Std: imageNetStd}},
		{"hf, no rescaling", "hf", `{"backend": "pil", "image_processor_type": "ViTImageProcessor", "do_normalize": false, "do_resize": true, "do_rescale": false, "resample": 2, "size": {"height": 224, "width": 224}}`,
			imaging.Recipe{Resize: "pillow-bilinear", Square: 224}},
		{"hf, another factor", "hf", `{"backend": "pil", "image_processor_type": "ViTImageProcessor", "do_normalize": false, "do_resize": true, "rescale_factor": 0.00784313725490196, "resample": 2, "size": {"height": 224, "width": 224}}`,
			imaging.Recipe{Resize: "pillow-bilinear", Square: 224, Scale: "0.00784313725490196"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := Translate(c.source, []byte(c.transform))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("recipe (-want +got):\n%s", diff)
			}
		})
	}
}

// TestTranslateRefuses has steps that no recipe expresses: each is an error that
// names the step, never a guess.
func TestTranslateRefuses(t *testing.T) {
	cases := []struct{ name, source, transform, names string }{
		{"a filter", "torchvision", `{"crop_size": [224], "resize_size": [256], "interpolation": "lanczos"}`, "lanczos"},
		{"two sides", "torchvision", `{"crop_size": [224], "resize_size": [256, 200], "interpolation": "bilinear"}`, "[256 200]"},
		{"no filter", "timm", `{"input_size": [3, 224, 224], "crop_pct": 0.9}`, `""`},
		{"a drawn filter", "timm", `{"input_size": [3, 224, 224], "interpolation": "random", "crop_pct": 0.9}`, "random"},
		{"a border", "timm", `{"input_size": [3, 224, 224], "interpolation": "bicubic", "crop_pct": 0.9, "crop_mode": "border"}`, "border"},
		{"an oblong", "timm", `{"input_size": [3, 224, 192], "interpolation": "bicubic", "crop_pct": 0.9}`, "[3 224 192]"},
		{"one channel", "timm", `{"input_size": [1, 224, 224], "interpolation": "bicubic", "crop_pct": 0.9}`, "[1 224 224]"},
		{"a share of 0", "timm", `{"input_size": [3, 224, 224], "interpolation": "bicubic", "crop_pct": 0}`, "crop_pct 0"},
		{"padding", "open_clip", `{"size": 224, "mode": "RGB", "interpolation": "bicubic", "resize_mode": "longest"}`, "longest"},
		{"grey", "open_clip", `{"size": 224, "mode": "L", "interpolation": "bicubic", "resize_mode": "shortest"}`, `"L"`},
		{"a processor", "hf", `{"backend": "pil", "image_processor_type": "MllamaImageProcessor", "size": {"shortest_edge": 224}, "resample": 3}`, "MllamaImageProcessor"},
		{"a longest edge", "hf", `{"backend": "pil", "image_processor_type": "CLIPImageProcessor", "size": {"longest_edge": 224}, "resample": 3, "do_normalize": false}`, "longest_edge"},
		{"an oblong of hf", "hf", `{"backend": "pil", "image_processor_type": "ViTImageProcessor", "size": {"height": 224, "width": 196}, "resample": 3, "do_normalize": false}`, "196"},
		{"no resizing", "hf", `{"backend": "pil", "image_processor_type": "ViTImageProcessor", "do_resize": false, "size": {"height": 224, "width": 224}, "resample": 3}`, "do_resize"},
		{"a fast processor", "hf", `{"backend": "torchvision", "image_processor_type": "ViTImageProcessorFast", "size": {"height": 224, "width": 224}, "resample": 3}`, "ViTImageProcessorFast"},
		{"a fast processor of transformers 5", "hf", `{"backend": "torchvision", "image_processor_type": "ViTImageProcessor", "size": {"height": 224, "width": 224}, "resample": 3}`, "torchvision"},
		{"no backend", "hf", `{"image_processor_type": "ViTImageProcessor", "size": {"height": 224, "width": 224}, "resample": 3}`, "backend"},
		{"padding of hf", "hf", `{"backend": "pil", "do_pad": true, "image_processor_type": "ViTImageProcessor", "size": {"height": 224, "width": 224}, "resample": 3}`, "do_pad"},
		{"no mean of hf", "hf", `{"backend": "pil", "image_processor_type": "ViTImageProcessor", "size": {"height": 224, "width": 224}, "resample": 3}`, "image_mean"},
		{"no mean", "timm", `{"input_size": [3, 224, 224], "interpolation": "bicubic", "crop_pct": 0.9}`, "mean"},
		{"one mean", "torchvision", `{"crop_size": [224], "resize_size": [256], "interpolation": "bilinear", "mean": [0.5], "std": [0.5]}`, "mean [0.5]"},
		{"a trimmed border", "timm", `{"input_size": [3, 224, 224], "interpolation": "bicubic", "crop_pct": 0.9, "crop_border_pixels": 4, ` + imageNetJSON + `}`, "crop_border_pixels"},
		{"a new step", "open_clip", `{"size": 224, "sharpen": true}`, "sharpen"},
		{"a filter of hf", "hf", `{"backend": "pil", "image_processor_type": "ViTImageProcessor", "size": {"height": 224, "width": 224}, "resample": 1, "do_normalize": false}`, `"1"`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r, err := Translate(c.source, []byte(c.transform))
			var cannot *UntranslatableError
			if !errors.As(err, &cannot) || !strings.Contains(cannot.What, c.names) {
				t.Errorf("recipe %+v and error %v, expected a refusal that names %s", r, err, c.names)
			}
		})
	}
}
