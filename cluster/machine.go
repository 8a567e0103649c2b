package cluster

// Machine is what computed a shard.
type Machine struct {
	Host         string `json:"host"`
	Instructions string `json:"instructions"` // of the processor, as far as kernels are chosen by them: amd64-avx2-fma
	System       string `json:"system"`
}
