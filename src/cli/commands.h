#pragma once

/** The commands. Each takes its own arguments, argv[0] being its name, and returns the exit status. */

int eqs_cmd_audit (int argc, char **argv);
int eqs_cmd_bench (int argc, char **argv);
int eqs_cmd_check (int argc, char **argv);
int eqs_cmd_templates (int argc, char **argv);
int eqs_cmd_new (int argc, char **argv);
int eqs_cmd_layers (int argc, char **argv);
int eqs_cmd_guide (int argc, char **argv);
int eqs_cmd_groups (int argc, char **argv);
int eqs_cmd_datasets (int argc, char **argv);
int eqs_cmd_bind (int argc, char **argv);
int eqs_cmd_dynamics (int argc, char **argv);
int eqs_cmd_eval (int argc, char **argv);
int eqs_cmd_export (int argc, char **argv);
int eqs_cmd_predict (int argc, char **argv);
int eqs_cmd_render (int argc, char **argv);
int eqs_cmd_sample (int argc, char **argv);
int eqs_cmd_train (int argc, char **argv);
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

