package classify

import (
	"context"

	"github.com/akin-vision/akin/model"
)

// CheckModel is the gate against wrong numbers: it classifies labelled pictures
// with the one model of c and compares the accuracy with the published one. The
// outcome is kept under the hashes of graph and recipe, where runs find it.
func CheckModel(ctx context.Context, c Config) (Check, error) {
	classifiers, err := c.Classifiers()
	if err != nil {
		return Check{}, err
	}
	evaluations, err := c.evaluate(ctx, classifiers, nil)
	if err != nil {
		return Check{}, err
	}
	check := NewCheck(evaluations[0], published(classifiers[0].Card))
	return check, c.Home.Archive().keepCheck(check)
}

// published is the accuracy that a check must reproduce: the first of the card.
func published(card model.Card) *model.Accuracy {
	if len(card.Accuracy) == 0 {
		return nil
	}
	return &card.Accuracy[0]
}
