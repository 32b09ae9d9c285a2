#pragma once

/** The commands. Each takes its own arguments, argv[0] being its name, and returns the exit status. */

int eqs_cmd_check (int argc, char **argv);
int eqs_cmd_render (int argc, char **argv);

/** name, one line for the list (marked for translation), function */
#define EQS_COMMANDS(X)                                                                        \
  X ("check", N_("Types, shapes, problems and costs of a design"), eqs_cmd_check)                     \
  X ("render", N_("A picture of a design"), eqs_cmd_render)
