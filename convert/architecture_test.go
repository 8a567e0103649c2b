package convert

import (
	"testing"
)

// TestTableOfThePaper builds every network of the paper's table 2 without its
// weights, and compares the counts of literature. GMAC are at 224 x 224.
func TestTableOfThePaper(t *testing.T) {
	table := []struct {
		name                 string
		features             int64
		parameters, megaMACs int64
	}{
		{"resnet18", 512, 11689512, 1814},
		{"resnet34", 512, 21797672, 3664},
		{"resnet50", 2048, 25557032, 4089},
		{"resnet101", 2048, 44549160, 7801},
		{"resnet152", 2048, 60192808, 11514},
		{"resnet200", 2048, 64666152, 15007},
		{"densenet121", 1024, 7978856, 2834},
		{"densenet169", 1664, 14149480, 3360},
		{"densenet201", 1920, 20013928, 4291},
		{"densenet161", 2208, 28681000, 7728},
		{"densenet264", 2688, 33337704, 5752},
		{"densenet232", 3648, 55570984, 10119},
		{"densenet-cosine264-k32", 2688, 33337704, 5752},
		{"densenet-cosine264-k48", 4032, 72686632, 12851},
		// Of torchvision's documentation.
		{"wide_resnet50_2", 2048, 68883240, 11398},
		{"wide_resnet101_2", 2048, 126886696, 22753},
		{"resnext50_32x4d", 2048, 25028904, 4230},
		{"resnext101_32x8d", 2048, 88791336, 16414},
		{"resnext101_64x4d", 2048, 83455272, 15460},
	}
	if len(table) != len(Architectures()) {
		t.Errorf("%d rows for %d architectures", len(table), len(Architectures()))
	}
	for _, row := range table {
		t.Run(row.name, func(t *testing.T) {
			s, err := architectureNamed(row.name)
			if err != nil {
				t.Fatal(err)
			}
			net, features, logits := weightless(s, row.features)
			model, err := net.finish(features, logits, false)
			if err != nil {
				t.Fatal(err)
			}
			summary := model.Graph.Summary(1, 3, 224, 224)
			if summary.Parameters != row.parameters {
				t.Errorf("%d parameters, want %d", summary.Parameters, row.parameters)
			}
			if got := (summary.MACs + 500_000) / 1_000_000; got != row.megaMACs {
				t.Errorf("%d million multiply-accumulates %s, want %d", got, summary.Unknown, row.megaMACs)
			}
			if features.channels() != row.features {
				t.Errorf("%d features, want %d", features.channels(), row.features)
			}
		})
	}
}

func weightless(s structure, features int64) (net *network, f, logits edge) {
	head := &tensor{shape: []int64{1000, features}, elem: float32s}
	bias := &tensor{shape: []int64{1000}, elem: float32s}
	pick := newPicker(stateDict{"fc.weight": head, "classifier.weight": head, "fc.bias": bias, "classifier.bias": bias})
	net, x := newNetwork()
	if s.family == DenseNet {
		f, logits = (&densenet{structure: s, pick: pick, net: net}).build(x)
	} else {
		f, logits = (&resnet{structure: s, keys: torchvisionKeys(), pick: pick, net: net}).build(x)
	}
	return net, f, logits
}
