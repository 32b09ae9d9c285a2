/* What a person needs to know to use the studio, in plain words. */

#include "app/help-topics.h"

#include <glib/gi18n-lib.h>
#include <stddef.h>

const EqsHelpTopic eqs_help_topics[] = {
  { "first-steps", N_("First steps"), {
      N_("Choose “Turned digits” on the start page and press <b>Train</b>. The network learns to name digits, whichever way they are turned, from data that come with the studio."),
      N_("While it trains, the panel below shows the loss, the accuracy on samples it does not learn from, and the <b>symmetry error</b>: how far the answer changes when a sample is turned. For this design it stays at rounding error, before, during and after training."),
      N_("Open the <b>Symmetry view</b> and step through the turns with [ and ]. The sample turns, the features of the chosen wire turn along, and turned back they are what they were; the residual says how nearly."),
      N_("When you like a network, <b>Export</b> writes C code that needs only a compiler, tests itself, and a specification of what the network is and what was measured."),
      NULL } },
  { "symmetry", N_("What a symmetry promises"), {
      N_("A symmetry group is the ways your data may be turned or mirrored without changing their meaning: quarter turns (C4), quarter turns and mirror images (D4), any angle (SO(2)) and so on."),
      N_("<b>The answer stays the same</b> (invariant): a turned 7 is still a 7. <b>The answer turns along</b> (equivariant): an arrow that points to the beak of a bird turns when the picture does. Both are promises that hold for every weight, so training cannot lose them."),
      N_("A promise costs freedom: fewer filters are allowed, so a layer has fewer parameters than an ordinary one of the same width. Where your data have the symmetry, that is a gain; where they do not, it is a loss."),
      NULL } },
  { "space", N_("Molecules, sets and graphs turned and shuffled"), {
      N_("For molecules and clouds the <b>Symmetry view</b> has a ball: dragging it turns the molecule itself. Dragging a picture only moves your eye. Features are drawn as what they are: colours for numbers, arrows for arrows, and lobes for finer patterns, as far out as the pattern is strong, in one colour where it is positive and in another where it is negative."),
      N_("A set or a graph has no directions; its promise is that the order of its items does not matter. [ and ] swap two items at a time. “(1 4 2)” says that the first goes to the fourth place, the fourth to the second, the second to the first."),
      N_("<b>Compare two graphs</b> colours nodes by what their neighbours are, round by round. Where the colours of two graphs never differ, no network that only passes messages along edges can tell them apart, however long it is trained; a network of pairs of nodes may."),
      NULL } },
  { "types", N_("Wires and their colours"), {
      N_("A wire says what flows through it: blue discs are numbers that stay the same when the input turns; orange triangles are arrows that turn with it; pink diamonds are finer patterns, the number says how fine; green squares are one channel per pose, with a tick for each."),
      N_("The text “16x reg(C4) · 14×14” reads: 16 fields of one channel per pose of the group C4, on a grid of 14 by 14 places. “8x f1” are eight arrows."),
      N_("Two wires can be joined only if what comes is what is expected. Where it is not, an adapter is offered at the place."),
      NULL } },
  { "verdicts", N_("What the verdicts mean"), {
      N_("<b>Exact</b>: the promise holds up to rounding for every element that the types promise. <b>Within limit</b>: some elements, such as angles between quarter turns on a pixel grid, hold only within a band that is stated. <b>Broken</b>: an error beyond rounding was found where the promise should hold; the node that causes it is named. <b>Inconclusive</b>: the test had no power, for example because the output does not depend on the input."),
      N_("On the canvas the verdict is <i>foretold</i> from the types. The <b>Audit</b> measures it: it turns real samples, runs the network, turns the answer back and compares. It also runs a control, a network without the symmetry, that must fail; otherwise the test would prove nothing."),
      NULL } },
  { "grid", N_("Why sizes and steps matter"), {
      N_("A picture lies on a grid of pixels. A quarter turn maps the grid to itself, so it can be exact; 45 degrees cannot."),
      N_("When a layer takes every second pixel, it keeps the turns only if what is left over at both edges is the same: size plus twice the border minus the window must be divisible by the step. A step of 2 on 28 pixels with a window of 3 puts the samples off the centre, and a half turn no longer fits. The check says so before anything runs, and offers sizes that fit."),
      NULL } },
  { "data", N_("What the data hold"), {
      N_("<b>Inspect the data</b> (Ctrl+Shift+D) reads every sample of the set once, in the background, and tells what is in it: how many samples each class has, the range of each column and where values are missing, which way the samples are turned, and which of them are equal."),
      N_("Samples that stand in the training part and in the test part make the test figure too good: they are listed with both rows. A class with few samples is one the network will seldom name. Directions that are not spread evenly say that the data do not show all turns; a network that keeps the symmetry does not need them to."),
      N_("Each table can be saved as CSV, for a program of your own. Nothing in the data is changed."),
      NULL } },
  { "peek", N_("Values on the wire"), {
      N_("<b>Values on the wire</b> (Ctrl+Shift+L) shows what flows out of the selected layer for one sample: for each kind of field the mean, the spread, the least and the largest value, the length of a field, how many numbers are zero or not finite and how many fields are silent, with a histogram and a picture."),
      N_("The window stays beside the design: choose another layer, another sample, or train on, and it follows with the newest weights."),
      N_("Many silent fields behind a ReLU, or values that grow from layer to layer, are signs that a network learns badly; a batch norm before the nonlinearity usually helps."),
      NULL } },
  { "blocks", N_("Blocks, and using one several times"), {
      N_("Selected layers become a <b>block</b> with Ctrl+G. Enter or a double click goes into it, Backspace comes out. In the inspector a block has a number of copies in a row, with weights of their own or shared."),
      N_("<b>Make the block usable elsewhere</b> (Ctrl+Alt+G) gives the design a definition: it stands first in the list of layers to add (Shift+A), and each use of it has its own weights. An edit inside of one use changes all of them; its name is in the inspector."),
      N_("<b>Detach from the definition</b> (Ctrl+Alt+U) makes a use a block of its own again. A definition that nothing uses can be deleted in the inspector, when nothing is selected."),
      NULL } },
  { "training", N_("Training and runs"), {
      N_("Every training is a run with its own folder: the design as it was, a line of figures per epoch, the last and the best weights. Editing the design does not disturb a run; it takes effect in the next one."),
      N_("One tenth of the training part is held back for validation. The best weights are those with the best validation figure. The test part is looked at once, when training has ended."),
      N_("<b>Compare with an ordinary network</b> trains a network of the same shape and as many parameters, without the symmetry, on the same data."),
      NULL } },
  { "export", N_("What is exported"), {
      N_("The C code has one header, the network, its weights and a self-test, and needs nothing but the C library. It allocates nothing: the caller gives it the memory it says it needs. The self-test compares with numbers of the studio and turns its own inputs to check the symmetry."),
      N_("The specification states what the network promises, every layer with its types and costs, where each figure comes from (measured, computed, stated, or a rule of thumb), and how to repeat it."),
      N_("Everything the window does, the program <tt>equi</tt> does in a terminal, with the same numbers."),
      NULL } },
  { NULL, NULL, { NULL } }
};
