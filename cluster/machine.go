package cluster

import (
	"os"
	"runtime"
	"strings"

	"golang.org/x/sys/cpu"
)

// Machine is what computed a shard.
type Machine struct {
	Host         string `json:"host"`
	Instructions string `json:"instructions"` // the instruction set, see Instructions
	System       string `json:"system"`
}

// ThisMachine describes the machine at hand. instructions, where given, name its
// arithmetic in the place of what its processor says, as for a graphics card.
func ThisMachine(instructions string) Machine {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	if instructions == "" {
		instructions = Instructions()
	}
	return Machine{Host: host, Instructions: instructions, System: runtime.GOOS + "/" + runtime.GOARCH}
}

// Instructions names the instruction set of this processor as far as ONNX Runtime
// chooses its kernels by it: features of machines of one name are expected to have the
// same bits.
func Instructions() string {
	has := []struct {
		name string
		here bool
	}{
		{"avx", cpu.X86.HasAVX}, {"avx2", cpu.X86.HasAVX2}, {"fma", cpu.X86.HasFMA},
		{"avx512", cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VL},
		{"vnni", cpu.X86.HasAVX512VNNI}, {"amx", cpu.X86.HasAMXInt8 || cpu.X86.HasAMXBF16},
		{"dotprod", cpu.ARM64.HasASIMDDP}, {"fp16", cpu.ARM64.HasASIMDHP}, {"sve", cpu.ARM64.HasSVE},
	}
	names := []string{runtime.GOARCH}
	for _, f := range has {
		if f.here {
			names = append(names, f.name)
		}
	}
	return strings.Join(names, "-")
}
