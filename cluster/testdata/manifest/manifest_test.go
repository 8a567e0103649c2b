// Package manifest holds the manifests of docs/cluster against the types of Kubernetes.
// It is a module of its own, so that akin's needs none of Kubernetes' libraries.
package manifest

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/validation"
)

// parse reads documents as a server of Kubernetes does that is told to be strict: unknown
// fields, fields given twice and values of another type are errors.
func parse(t *testing.T, data []byte) (objects []runtime.Object, err error) {
	t.Helper()
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{appsv1.AddToScheme, corev1.AddToScheme, networkingv1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	s := json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme, scheme, json.SerializerOptions{Yaml: true, Strict: true})
	for _, document := range bytes.Split(data, []byte("\n---\n")) {
		o, _, err := s.Decode(document, nil, nil)
		if err != nil {
			return nil, err
		}
		objects = append(objects, o)
	}
	return objects, nil
}

func TestManifest(t *testing.T) {
	data, err := os.ReadFile("../../../docs/cluster/akin-worker.yaml")
	if err != nil {
		t.Fatal(err)
	}
	objects, err := parse(t, data)
	if err != nil {
		t.Fatal(err)
	}
	var secret *corev1.Secret
	var deployment *appsv1.Deployment
	var policy *networkingv1.NetworkPolicy
	for _, o := range objects {
		switch o := o.(type) {
		case *corev1.Secret:
			secret = o
		case *appsv1.Deployment:
			deployment = o
		case *networkingv1.NetworkPolicy:
			policy = o
		}
	}
	if len(objects) != 3 || secret == nil || deployment == nil || policy == nil {
		t.Fatalf("%d objects, want a Secret, a Deployment and a NetworkPolicy", len(objects))
	}
	pod := deployment.Spec.Template
	for _, selector := range []map[string]string{deployment.Spec.Selector.MatchLabels, policy.Spec.PodSelector.MatchLabels} {
		for label, value := range selector {
			if pod.Labels[label] != value {
				t.Errorf("the selector %s=%s finds no pod of the Deployment", label, value)
			}
		}
	}
	worker := pod.Spec.Containers[0]
	if worker.EnvFrom[0].SecretRef.Name != secret.Name {
		t.Errorf("the worker reads the Secret %s, not %s", worker.EnvFrom[0].SecretRef.Name, secret.Name)
	}
	for _, mount := range worker.VolumeMounts {
		if !slices.ContainsFunc(pod.Spec.Volumes, func(v corev1.Volume) bool { return v.Name == mount.Name }) {
			t.Errorf("there is no volume %s", mount.Name)
		}
	}
	for _, name := range []string{secret.Name, deployment.Name, policy.Name, worker.Name} {
		if wrong := validation.IsDNS1123Label(name); len(wrong) > 0 {
			t.Errorf("%s: %v", name, wrong)
		}
	}
	for _, v := range worker.Env {
		if strings.HasSuffix(v.Name, "_PATH") && !strings.HasPrefix(v.Value, "/tls/") {
			t.Errorf("%s is %s, outside the volume of certificates", v.Name, v.Value)
		}
	}
}

// TestStrict: what a typing error leaves is seen.
func TestStrict(t *testing.T) {
	data, err := os.ReadFile("../../../docs/cluster/akin-worker.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{{"replicas: 4", "replica: 4"}, {"replicas: 4", "replicas: four"}, {"readOnlyRootFilesystem", "readonlyRootFilesystem"}, {"port: 7233", "port: {}"}, {"kind: Deployment", "kind: Deploy"}} {
		changed := strings.Replace(string(data), change[0], change[1], 1)
		if changed == string(data) {
			t.Fatalf("the manifest has no %q", change[0])
		}
		if _, err := parse(t, []byte(changed)); err == nil {
			t.Errorf("%q is not seen", change[1])
		}
	}
}
