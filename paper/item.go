package paper

// item is a part of the paper; its number is that of its row in docs/paper.md.
type item int

const (
	concept item = iota + 1
	failedPictures
	similarClasses
	oneTriplet
	exampleTriplets
	features
	ratingsAndCosines
	modelAgainstModel
	rocByFamily
	aucs
	matchingErrors
	topOneErrors
	allErrors
	errorFalls
	resNetsLead
	mostAccurateLeads
	bestMatches
	worstMatches
	goodLuck
	badLuck
	associationIsHard
	peopleSeparate
	nearChance
	learnAssociation
	overDepth // beyond the paper
)

// titles of the items, the claims among them in the order of docs/paper.md.
var titles = map[item]string{
	concept:           "Figure 1, the question",
	failedPictures:    "Table 1, failures of classification",
	similarClasses:    "failures between classes that mean nearly the same",
	oneTriplet:        "Figure 2, how one model matches one triplet",
	exampleTriplets:   "Figure 3, example triplets",
	features:          "features",
	ratingsAndCosines: "Figure 4, rating against cosine",
	modelAgainstModel: "Figure 5a, cosines of each model against each other",
	rocByFamily:       "Figure 5b, 5c, ROC by family",
	aucs:              "Table 2, AUC",
	matchingErrors:    "Table 2, matching error",
	topOneErrors:      "Table 2, top-1",
	allErrors:         "Figure 6, errors of all models",
	errorFalls:        "claim: matching error falls with ImageNet error",
	resNetsLead:       "claim: ResNets match better than DenseNets of equal ImageNet error",
	mostAccurateLeads: "claim: the most accurate model of a family matches best",
	bestMatches:       "Figure 7, best matches",
	worstMatches:      "Figure 8, worst matches",
	goodLuck:          "Figure 9, good luck",
	badLuck:           "Figure 10, bad luck",
	associationIsHard: "claim: matching by similarity works, by association hardly",
	peopleSeparate:    "claim: people's ratings separate related from unrelated",
	nearChance:        "claim: models match near chance",
	learnAssociation:  "future work: learn association, so that the matching error falls",
	overDepth:         "beyond the paper, the matching error over the depth of networks",
}

// Need is an input that a row or a claim lacks. Its values stand in paper.json.
type Need string

const (
	NeedFailures    Need = "failures"     // on labelled pictures, kept in the record
	NeedAllFailures Need = "all-failures" // the record keeps a selection
	NeedRatings     Need = "ratings"      // people's, of both pairs of enough triplets
	NeedModels      Need = "models"       // more of them in the run
	NeedTopOne      Need = "top-1"        // published or measured on labelled pictures
	NeedClasses     Need = "classes"      // that the model sees in the set's pictures
	NeedSpaces      Need = "spaces"       // of words, in which networks of the run are seen
	NeedLabels      Need = "labels"       // relation or distractor of the triplets
)
