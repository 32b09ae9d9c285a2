#pragma once

/** The commands. Each takes its own arguments, argv[0] being its name, and returns the exit status. */

/** equi audit DESIGN|CHECKPOINT: measures the equivariance; EQS_EXIT_NOT_FINE where the promise does not hold. */
int eqs_cmd_audit (int argc, char **argv);
/** equi bench: times fixed workloads against the peak of this machine. */
int eqs_cmd_bench (int argc, char **argv);
/** equi check DESIGN: types, problems and costs; EQS_EXIT_NOT_FINE where something blocks. */
int eqs_cmd_check (int argc, char **argv);
/** equi templates: lists them. */
int eqs_cmd_templates (int argc, char **argv);
/** equi new TEMPLATE: writes a design, bound to the data of its template. */
int eqs_cmd_new (int argc, char **argv);
/** equi layers: lists the layers that a design can hold. */
int eqs_cmd_layers (int argc, char **argv);
/** equi guide: an architecture for a question, with reasons and what was not taken. */
int eqs_cmd_guide (int argc, char **argv);
/** equi groups: lists the symmetries that a design can have. */
int eqs_cmd_groups (int argc, char **argv);
/** equi datasets: lists the data that ship or are generated. */
int eqs_cmd_datasets (int argc, char **argv);
/** equi bind DESIGN: makes it fit data; with --check EQS_EXIT_NOT_FINE when something would change. */
int eqs_cmd_bind (int argc, char **argv);
/** equi dynamics CHECKPOINT: moves a molecule and tells how far its energy drifts. */
int eqs_cmd_dynamics (int argc, char **argv);
/** equi eval CHECKPOINT: metrics on a part of a data set, upright and transformed. */
int eqs_cmd_eval (int argc, char **argv);
/** equi export DESIGN|CHECKPOINT: C, Python, weights or the specification, into a folder. */
int eqs_cmd_export (int argc, char **argv);
/** equi predict CHECKPOINT INPUT…: outputs for files. */
int eqs_cmd_predict (int argc, char **argv);
/** equi render DESIGN: a picture of the topology, or with --sweep of a sample that turns. */
int eqs_cmd_render (int argc, char **argv);
/** equi sample CHECKPOINT: new molecules, as extended XYZ. */
int eqs_cmd_sample (int argc, char **argv);
/** equi train DESIGN: one run or several into a folder. It catches Ctrl-C, so only once a process. */
int eqs_cmd_train (int argc, char **argv);
/** equi twin DESIGN: writes the ordinary network beside it. */
int eqs_cmd_twin (int argc, char **argv);

/** name, one line for the list (marked for translation), function. Each row ends with a backslash; an empty line ends the list. */
#define EQS_COMMANDS(X) \
  X ("groups", N_("Symmetry groups that a design can have"), eqs_cmd_groups) \
  X ("layers", N_("Layers that a design can hold"), eqs_cmd_layers) \
  X ("templates", N_("Designs to start from"), eqs_cmd_templates) \
  X ("datasets", N_("Data that ship or are generated"), eqs_cmd_datasets) \
  X ("guide", N_("Recommend an architecture, with reasons"), eqs_cmd_guide) \
  X ("new", N_("A design from a template"), eqs_cmd_new) \
  X ("bind", N_("Make a design fit data"), eqs_cmd_bind) \
  X ("check", N_("Types, shapes, problems and costs of a design"), eqs_cmd_check) \
  X ("train", N_("Train a design on data"), eqs_cmd_train) \
  X ("eval", N_("Metrics of a trained network, upright and transformed"), eqs_cmd_eval) \
  X ("predict", N_("Outputs of a trained network for files"), eqs_cmd_predict) \
  X ("dynamics", N_("Constant-energy dynamics under a network's forces"), eqs_cmd_dynamics) \
  X ("sample", N_("New samples from a network trained to tell noise"), eqs_cmd_sample) \
  X ("audit", N_("Measured equivariance of a design or checkpoint"), eqs_cmd_audit) \
  X ("export", N_("C code and weights of a design or checkpoint"), eqs_cmd_export) \
  X ("twin", N_("The ordinary network beside a design"), eqs_cmd_twin) \
  X ("bench", N_("Speed of fixed workloads"), eqs_cmd_bench) \
  X ("render", N_("A picture of the topology as SVG, PNG or PDF"), eqs_cmd_render) \

