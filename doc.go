// Package akin measures how well vision models know that two objects belong
// together. It shows them triplets of pictures (an object, a related and an
// unrelated picture), compares the cosine of target and related with that of
// target and unrelated, and reports how often the models match as people do
// (arXiv 1709.03806).
//
// [DefaultHome] says where models, features and pictures are on this machine.
// [Evaluate] shows a set to models and returns an [Evaluation]: the run, its
// statistics, and the way to its pictures. [Evaluation.Write] writes its record,
// a folder of CSV and JSON files with report.html; [Home.OpenRecord] reads that
// back, without models. [Home.Paper] makes the figures and tables of the paper from
// it. [Judge] does for other tasks what Evaluate does for triplets,
// [LearnConfig.Learn] tries spaces in which features know more, and
// [ExportConfig.Export] gives the vectors themselves.
//
// The packages below do the parts and can be used alone: stimuli reads sets,
// model and zoo find networks, imaging prepares pictures, match and stats compute,
// classify evaluates classifiers on labelled pictures, words and page show.
//
// Until version 1 only the files stay compatible: sets, cards, and the files of a
// record, whose columns and keys are added to and not renamed.
package akin
