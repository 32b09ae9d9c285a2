/* The table of problems: guidance.md section 3, one row a code. Severity is the first letter of the code, so it is not stored;
 * what a problem blocks is, because an error may block only the promise and a warning may block it too. Messages hold
 * {placeholders}; a layer that raises a problem gives their values as "k=5 type='8x f1'" and the text is put together only
 * where it is shown, in the language of whoever reads it. */

#include "eqk/graph.h"

#include <stdio.h>
#include <string.h>

#define RUN     EQK_BLOCKS_RUN
#define PROMISE EQK_BLOCKS_PROMISE
#define NOTHING EQK_BLOCKS_NOTHING

#define RULE(...) &(const EqkLintRule) { __VA_ARGS__ }

static const EqkLintRule *const rules[] = {
  /* 3.1 Graph and types */
  RULE ("E-TYPE-MISMATCH", RUN,
        EQK_N_ ("{from} gives {a}, {to} expects {b}: first difference {x}."),
        EQK_N_ ("These cannot be joined: one side carries arrows or turning patterns, the other expects something that behaves differently under the group.")),
  RULE ("E-GROUP-MISMATCH", RUN,
        EQK_N_ ("Left is {G}, right is {H}."),
        EQK_N_ ("One side respects more moves than the other, so a common meaning exists only for the moves they share.")),
  RULE ("E-PARITY", RUN,
        EQK_N_ ("{a}⊗{b} gives {gives}, not {x}."),
        EQK_N_ ("There is no allowed way to combine these two: the mirror parities multiply, and the wanted one does not come out.")),
  RULE ("E-CYCLE", RUN,
        EQK_N_ ("A feed-forward design cannot contain a loop: {nodes}."),
        EQK_N_ ("A value would depend on itself, so there is no order in which the layers could be computed.")),
  RULE ("E-UNCONNECTED", RUN,
        EQK_N_ ("Input {p} of {node} is not connected."),
        EQK_N_ ("The layer has nothing to work on until something is linked to this input.")),
  RULE ("W-UNUSED", NOTHING,
        EQK_N_ ("{node} does not influence the output."),
        EQK_N_ ("Nothing that leaves the design depends on this layer, so it costs time and learns nothing.")),
  RULE ("E-NO-OUTPUT", RUN,
        EQK_N_ ("The design has no output for task {t}."),
        EQK_N_ ("Training needs an answer to compare with the data, and no layer gives one.")),
  RULE ("E-OUTPUT-TYPE", PROMISE,
        EQK_N_ ("Task {t} needs {required}; design gives {found}."),
        EQK_N_ ("You asked for an answer that behaves one way under the moves of the group; this output behaves another way.")),
  RULE ("E-ADD-TYPE", RUN,
        EQK_N_ ("Cannot add {a} and {b}."),
        EQK_N_ ("These cannot be joined: numbers may be added only when the group acts on both in the same way.")),
  RULE ("E-SPLIT-FIELD", RUN,
        EQK_N_ ("Channel {c} lies inside a {irr} field."),
        EQK_N_ ("The numbers of one field turn together; half of an arrow has no meaning of its own.")),
  RULE ("E-SKIP-SIZE", RUN,
        EQK_N_ ("{H}×{W} vs {h}×{w}."),
        EQK_N_ ("The two branches see the picture on grids of different size, so their pixels do not lie on each other.")),
  RULE ("E-MUL-NONSCALAR", PROMISE,
        EQK_N_ ("Component-wise product of {a} and {b} is not equivariant."),
        EQK_N_ ("Multiplying arrows number by number gives a result that depends on the axes, not on the arrows alone.")),
  RULE ("E-FLATTEN-SPATIAL", PROMISE,
        EQK_N_ ("Flattening {H}×{W} positions destroys translation and rotation equivariance."),
        EQK_N_ ("A list of all pixels gives each place its own weights, so a shifted or turned picture gets another answer.")),
  RULE ("E-LOSS-NONINV", PROMISE,
        EQK_N_ ("{loss} of single components of an arrow changes when the arrow turns."),
        EQK_N_ ("A loss should not care from where one looks; adding up the sizes of single components does.")),
  RULE ("I-NO-MIX", NOTHING,
        EQK_N_ ("{irr} of the output stays zero."),
        EQK_N_ ("By Schur's lemma a linear map connects only equal irreps, so a kind that does not come in cannot come out.")),
  RULE ("I-GUARANTEE-LOWERED", NOTHING,
        EQK_N_ ("From here on only {H} is guaranteed."),
        EQK_N_ ("Only the named moves are exact from here on (on pixels: quarter turns and mirrors); others are approximate or no longer promised.")),

  /* 3.2 Activations, normalisation, bias */
  RULE ("E-RELU-ON-VECTOR", PROMISE,
        EQK_N_ ("{act} acts on single components of {type}; rotating the input changes the result."),
        EQK_N_ ("This activation would bend arrows: it cuts off single components, and which ones are cut depends on the direction.")),
  RULE ("E-ODD-SCALAR-ACT", PROMISE,
        EQK_N_ ("{act} breaks mirror parity on {irr}."),
        EQK_N_ ("This function does not respect mirror images: a number that changes sign under a mirror needs an odd function (sign kept) or an even one (sign dropped).")),
  RULE ("E-GATE-COUNT", RUN,
        EQK_N_ ("{a} gates for {b} gated fields."),
        EQK_N_ ("Every arrow needs exactly one number that opens or closes it.")),
  RULE ("E-GATE-NONSCALAR", PROMISE,
        EQK_N_ ("Gate {x} is not invariant."),
        EQK_N_ ("A gate must stay the same when the input turns, else turning changes the lengths it sets.")),
  RULE ("E-BN-COMPONENT", PROMISE,
        EQK_N_ ("Per-channel statistics treat the components of {type} differently."),
        EQK_N_ ("This normalisation treats the parts of an arrow separately: each gets its own mean and spread, although turning mixes them.")),
  RULE ("E-INNERBN-IRREP", PROMISE,
        EQK_N_ ("Inner batch norm needs permutation fields."),
        EQK_N_ ("This normalisation averages over the channels of a field, which makes sense only where the group permutes them.")),
  RULE ("E-LN-IRREP", PROMISE,
        EQK_N_ ("Layer norm mixes components of {type}."),
        EQK_N_ ("This normalisation treats the parts of an arrow separately: it subtracts one mean from all components and scales each alone.")),
  RULE ("E-DROPOUT-COMPONENT", PROMISE,
        EQK_N_ ("Drops single components of {type}."),
        EQK_N_ ("Dropping half an arrow breaks the symmetry; drop whole arrows or none.")),
  RULE ("E-BIAS-NONSCALAR", PROMISE,
        EQK_N_ ("A bias on {ir} is a fixed direction in space."),
        EQK_N_ ("A constant can only be added to numbers that stay the same under every move.")),
  RULE ("E-SOFTMAX-IRREP", PROMISE,
        EQK_N_ ("Softmax over components of {type}."),
        EQK_N_ ("The softmax compares components with each other, and which component is largest depends on the direction.")),
  RULE ("W-NORM-GRAD", NOTHING,
        EQK_N_ ("Norm has unbounded gradient at zero."),
        EQK_N_ ("The slope of the square root grows without bound at zero, so a field of length zero gives an infinite gradient.")),
  RULE ("W-NORM-RELU-DEAD", NOTHING,
        EQK_N_ ("Probably all fields are cut off: zero gradient."),
        EQK_N_ ("Fields shorter than the threshold become zero and pass no gradient, so the layer may never start to learn.")),
  RULE ("W-NORM-SCALAR", NOTHING,
        EQK_N_ ("On a scalar the norm activation is an odd soft threshold: s and −s are treated alike."),
        EQK_N_ ("The length of a single number is its absolute value, so the activation shrinks positive and negative numbers alike.")),
  RULE ("W-NORM-JUMP", PROMISE,
        EQK_N_ ("Not continuous at zero length: tiny vectors are blown up to length {phi0}; exactness suffers."),
        EQK_N_ ("An arrow of length zero has no direction; if its new length is not zero, rounding errors decide where it points.")),
  RULE ("W-POLY-GROWTH", NOTHING,
        EQK_N_ ("Polynomial degree {d}: values may explode."),
        EQK_N_ ("Each square doubles the degree, so numbers above one grow very fast and numbers below one vanish.")),
  RULE ("I-PATH-VANISH", NOTHING,
        EQK_N_ ("{l}⊗{l}→{k} of a field with itself is zero."),
        EQK_N_ ("An antisymmetric product such as the cross product of an arrow with itself is always zero.")),
  RULE ("W-FIELDNORM-TRIV", NOTHING,
        EQK_N_ ("Field becomes constant."),
        EQK_N_ ("A field of one number, divided by its own size, keeps nothing but its sign; with the mean removed it keeps nothing.")),
  RULE ("I-BN-SMALL-BATCH", NOTHING,
        EQK_N_ ("Batch statistics are noisy."),
        EQK_N_ ("Mean and spread are estimated from few samples, so training sees other statistics in every step.")),
  RULE ("I-GATE-BEFORE-BN", NOTHING,
        EQK_N_ ("Normalise before, not after, forming gates."),
        EQK_N_ ("The normalisation shifts the numbers that later decide how far each gate is open.")),
  RULE ("W-NO-NORM", NOTHING,
        EQK_N_ ("Deep stack without normalisation."),
        EQK_N_ ("Without normalisation the size of the features drifts from layer to layer, and deep stacks train slowly or not at all.")),
  RULE ("W-NO-RESIDUAL", NOTHING,
        EQK_N_ ("Consider residual connections."),
        EQK_N_ ("With a direct path around the layers the gradient reaches the first ones, and deep stacks train better.")),

  /* 3.3 Planar grids */
  RULE ("E-PLAIN-CONV", PROMISE,
        EQK_N_ ("Plain convolution is not equivariant to {G}."),
        EQK_N_ ("An ordinary kernel looks different when it is turned, so it finds other things in a turned picture.")),
  RULE ("W-RELAXED", PROMISE,
        EQK_N_ ("Its filters may leave the symmetry, relaxed by {x}."),
        EQK_N_ ("Beside the filters that the symmetry allows, free ones are learned: where the data are not quite symmetric that may fit better, and the promise is no longer exact.")),
  RULE ("E-GRID-GROUP", RUN,
        EQK_N_ ("C_{n} does not map the pixel grid to itself."),
        EQK_N_ ("Turning a kernel by moving its pixels works only for turns that map the pixel grid onto itself: quarter and half turns.")),
  RULE ("E-EMPTY-BASIS", RUN,
        EQK_N_ ("No equivariant kernel maps {in} to {out} at k={k}."),
        EQK_N_ ("The window is too small, or the two kinds of fields too different, for any kernel that respects the group.")),
  RULE ("E-GROUPS-TYPE", RUN,
        EQK_N_ ("Channel groups have different field types."),
        EQK_N_ ("Each group of channels uses a convolution of its own kind, so all groups must hold the same fields.")),
  RULE ("E-PW-ON-IRREP", PROMISE,
        EQK_N_ ("Channel-wise max on {irr} is not equivariant."),
        EQK_N_ ("The largest value of each component comes from another place, and the parts no longer form one arrow.")),
  RULE ("E-GPOOL-TYPE", PROMISE,
        EQK_N_ ("Group pooling needs regular or quotient fields."),
        EQK_N_ ("The largest channel of a field is a fixed answer only where the group permutes the channels.")),
  RULE ("E-COORDCONV", PROMISE,
        EQK_N_ ("Absolute coordinates break translations, and rotations with them."),
        EQK_N_ ("Channels that hold the position tell the network where things are, so moving the picture changes the answer.")),
  RULE ("E-SEG-POOLED", RUN,
        EQK_N_ ("Positions were removed by {node}."),
        EQK_N_ ("An answer for every pixel needs the pixels, and they were averaged away upstream.")),
  RULE ("W-STRIDE-ASYM", PROMISE,
        EQK_N_ ("The sampling grid is off-centre; 90° rotations break."),
        EQK_N_ ("With this size and step the sampled pixels do not lie symmetrically, so half turns or quarter turns are no longer exact.")),
  RULE ("W-PAD-ASYM", PROMISE,
        EQK_N_ ("Asymmetric padding."),
        EQK_N_ ("The border treats directions differently.")),
  RULE ("W-EVEN-STRIDE-GRID", PROMISE,
        EQK_N_ ("This layer samples its picture of {h}×{w} pixels off the centre."),
        EQK_N_ ("Where pixels are left over at one side, the sampled ones lie off the centre, so half turns or quarter turns are no longer exact. Other sizes leave none over.")),
  RULE ("W-RECT-IMAGE", PROMISE,
        EQK_N_ ("Rotation needs square images."),
        EQK_N_ ("A quarter turn of a rectangle is another rectangle, so only half turns and mirrors can be exact.")),
  RULE ("W-STRIDE-ALIAS", NOTHING,
        EQK_N_ ("Aliasing: several percent error off the 90° grid."),
        EQK_N_ ("Skipping pixels folds fine detail into coarse patterns, and how it folds depends on the angle.")),
  RULE ("W-NEAREST", PROMISE,
        EQK_N_ ("Not rotation-equivariant."),
        EQK_N_ ("Copying the nearest pixel favours one side, so turned pictures are enlarged differently.")),
  RULE ("W-ANISO-SCALE", PROMISE,
        EQK_N_ ("Axes scaled differently."),
        EQK_N_ ("Stretching one axis more than the other turns a circle into an ellipse, which has fewer symmetries.")),
  RULE ("W-CHECKERBOARD", NOTHING,
        EQK_N_ ("Grid pattern."),
        EQK_N_ ("Neighbouring pixels receive contributions from different numbers of inputs, which shows as a grid.")),
  RULE ("W-K2", NOTHING,
        EQK_N_ ("Basis empty or unstable."),
        EQK_N_ ("A 2x2 window is too small to turn: it has no centre pixel and hardly any pattern that respects the group.")),
  RULE ("W-FREQ-KERNEL", NOTHING,
        EQK_N_ ("{x} of {y} basis elements dropped at k={k}."),
        EQK_N_ ("A small window cannot show patterns that change quickly with the angle, so those kernels were left out.")),
  RULE ("W-ZERO-PAD-LEAK", NOTHING,
        EQK_N_ ("Borders reveal the axes."),
        EQK_N_ ("The zeros around the picture form a square, and the network can see its corners and edges.")),
  RULE ("W-MAX-IRREP", PROMISE,
        EQK_N_ ("Max over components."),
        EQK_N_ ("The largest value of each component comes from another place, and the parts no longer form one arrow.")),
  RULE ("W-VECTOR-CHANNELS-TRIV", NOTHING,
        EQK_N_ ("Vector components typed as scalars."),
        EQK_N_ ("When the picture turns, an arrow's components mix; as separate fixed numbers they would not.")),
  RULE ("W-SEG-SIZE", NOTHING,
        EQK_N_ ("{h}×{w} vs {H}×{W}."),
        EQK_N_ ("Every pixel of the input needs its own answer, so the result must have the size of the input.")),
  RULE ("I-EARLY-GPOOL", NOTHING,
        EQK_N_ ("Orientation is discarded early."),
        EQK_N_ ("After pooling over the group the network no longer knows how the parts are turned against each other.")),
  RULE ("I-HARMONIC-SUBSPACE", NOTHING,
        EQK_N_ ("Half of the admissible kernels."),
        EQK_N_ ("The harmonic form keeps only the difference of two frequencies; the sum would be allowed as well.")),
  RULE ("I-MASK-MISSING", NOTHING,
        EQK_N_ ("Corners leave the image under rotation."),
        EQK_N_ ("When a square picture turns, its corners leave the frame and zeros enter; a disk loses nothing.")),
  RULE ("I-TIES", NOTHING,
        EQK_N_ ("Ties resolved by index."),
        EQK_N_ ("When two places are equally strong the first is taken, and a turned picture may take the other.")),
  RULE ("W-VF-DISCONT", NOTHING,
        EQK_N_ ("Arg-max is discontinuous."),
        EQK_N_ ("When two directions are almost equally strong, a tiny change makes the arrow jump from one to the other.")),

  /* 3.4 Spheres and sampled activations */
  RULE ("E-S2-RES", PROMISE,
        EQK_N_ ("Grid cannot represent degree {L}."),
        EQK_N_ ("With so few rings of latitude different patterns look the same on the grid and cannot be told apart.")),
  RULE ("W-S2-RES", NOTHING,
        EQK_N_ ("Expected error ≈ {e}."),
        EQK_N_ ("The activation makes finer patterns than came in, and a coarse grid folds them back wrongly.")),
  RULE ("W-FOURIER-SAMPLES", NOTHING,
        EQK_N_ ("Expected error ≈ {e}."),
        EQK_N_ ("The activation makes faster patterns than came in, and too few samples fold them back wrongly.")),
  RULE ("W-FOURIER-RELU", NOTHING,
        EQK_N_ ("ReLU aliases more than ELU/SiLU."),
        EQK_N_ ("ReLU has a kink, so it makes many fast patterns that the samples cannot carry.")),
  RULE ("W-SPHERE-ALIAS", NOTHING,
        EQK_N_ ("Aliased input."),
        EQK_N_ ("Detail finer than the bandwidth is folded into coarse patterns.")),
  RULE ("W-SPHERE-STRIDE", PROMISE,
        EQK_N_ ("Aliasing."),
        EQK_N_ ("Leaving out grid points of a sphere is not the same after a turn.")),
  RULE ("W-B-SHRINK", NOTHING,
        EQK_N_ ("No new information above {b}."),
        EQK_N_ ("A finer grid does not bring back detail that was removed before.")),
  RULE ("E-PLAIN-MEAN-SPHERE", PROMISE,
        EQK_N_ ("Poles are over-counted."),
        EQK_N_ ("The grid is denser at the poles, so a plain mean counts them too often and depends on where the poles are.")),

  /* 3.5 Points, molecules, forces */
  RULE ("E-COORD-AS-FEATURE", PROMISE,
        EQK_N_ ("Absolute coordinates break translations (and rotations)."),
        EQK_N_ ("Coordinates depend on where the origin is and how the axes lie; features must not.")),
  RULE ("E-COINCIDENT-POINTS", PROMISE,
        EQK_N_ ("Direction undefined for {i},{j}."),
        EQK_N_ ("Two points at the same place have no direction from one to the other.")),
  RULE ("E-CUTOFF-MISMATCH", PROMISE,
        EQK_N_ ("{a} vs {b}."),
        EQK_N_ ("Neighbours beyond the radial cutoff would jump in with a non-zero message, or the basis would look where no neighbour is.")),
  RULE ("W-NO-CUTOFF", NOTHING,
        EQK_N_ ("Energy jumps at the cutoff."),
        EQK_N_ ("A neighbour that crosses the cutoff appears or disappears at once, so the energy jumps.")),
  RULE ("W-RADIAL-BIAS", NOTHING,
        EQK_N_ ("Messages stay non-zero at the cutoff."),
        EQK_N_ ("The bias keeps a message alive at the cutoff, where it should have faded to zero.")),
  RULE ("W-ATT-CUTOFF", NOTHING,
        EQK_N_ ("Discontinuous at the cutoff."),
        EQK_N_ ("The weight of a neighbour does not fade to zero before it leaves, so the result jumps.")),
  RULE ("W-DEAD-OUTPUT", NOTHING,
        EQK_N_ ("{ir} cannot be reached from {a}⊗{b}."),
        EQK_N_ ("There is no allowed way to combine these two into that kind, so it stays zero.")),
  RULE ("W-NEQUIP-UNREACH", NOTHING,
        EQK_N_ ("{ir} is dropped in layer {n}."),
        EQK_N_ ("No combination of features and directions in this stack gives that kind, so its weights are wasted.")),
  RULE ("E-QK-IRREPS", RUN,
        EQK_N_ ("{q} vs {k}."),
        EQK_N_ ("Query and key are compared by a dot product, which needs the same kinds on both sides.")),
  RULE ("E-MAX-IRREP", PROMISE,
        EQK_N_ ("Component-wise max on {ir}."),
        EQK_N_ ("The largest value of each component may come from different neighbours, and the parts no longer form one arrow.")),
  RULE ("E-VECTOR-FROM-INVARIANT", RUN,
        EQK_N_ ("Direction information was never built."),
        EQK_N_ ("From numbers that never change one cannot build an arrow that turns along.")),
  RULE ("E-FORCES-NONSMOOTH", RUN,
        EQK_N_ ("{node} makes forces discontinuous."),
        EQK_N_ ("Forces are the slope of the energy; at a kink or jump the slope is not defined.")),
  RULE ("W-FORCE-NONCONS", NOTHING,
        EQK_N_ ("Not conservative; energy drifts in dynamics."),
        EQK_N_ ("Forces that are not the slope of an energy can create energy from nothing along a closed path.")),
  RULE ("W-ENERGY-MEAN", NOTHING,
        EQK_N_ ("Energies are extensive."),
        EQK_N_ ("Two copies of a molecule far apart have twice the energy; a mean would give the same.")),
  RULE ("E-ENERGY-PARITY", PROMISE,
        EQK_N_ ("Energy would change sign under mirror."),
        EQK_N_ ("A molecule and its mirror image have the same energy, but a pseudoscalar changes sign.")),
  RULE ("W-DIPOLE-CHARGE", PROMISE,
        EQK_N_ ("Depends on origin."),
        EQK_N_ ("The dipole of a charged molecule changes when the origin moves.")),
  RULE ("W-NEIGH-NORM", NOTHING,
        EQK_N_ ("Activations scale with density."),
        EQK_N_ ("Sums over many neighbours are larger than over few, so dense places get louder features.")),
  RULE ("W-MAX-NEIGH", PROMISE,
        EQK_N_ ("Breaks permutation symmetry on ties; discontinuous."),
        EQK_N_ ("Which neighbours are left out depends on ties and changes abruptly when atoms move.")),
  RULE ("W-ISOLATED", NOTHING,
        EQK_N_ ("{n} nodes have no neighbour."),
        EQK_N_ ("A point without neighbours receives no messages and knows only itself.")),
  RULE ("W-KNN-FORCES", NOTHING,
        EQK_N_ ("Discontinuous energy."),
        EQK_N_ ("When the k-th and the next neighbour change places the energy jumps.")),
  RULE ("W-NEQUIP-LAST", NOTHING,
        EQK_N_ ("Last block should be 0e."),
        EQK_N_ ("The energy reads only fixed numbers; what else the last block computes is thrown away.")),
  RULE ("W-MACE-EQUALMUL", NOTHING,
        EQK_N_ ("Symmetric contraction needs equal multiplicity."),
        EQK_N_ ("The contraction multiplies channel by channel, so every kind needs the same number of channels.")),
  RULE ("W-LMAX-COST", NOTHING,
        EQK_N_ ("L={L} costs {x} MFLOP."),
        EQK_N_ ("The cost of products grows very fast with the degree; two is enough for most molecules.")),
  RULE ("W-FCTP-COST", NOTHING,
        EQK_N_ ("{n} weights per edge."),
        EQK_N_ ("A weight for every combination of channels on every edge is rarely worth its cost.")),
  /* Never raised: a MACE product takes powers up to 3. With 16 components (degrees to 3) a fourth power has 3876 monomials where the third has 816, and
   * the basis is found among all chains of couplings, so that a larger setting is refused (E-SETTING) rather than warned of. */
  RULE ("W-NU4", NOTHING,
        EQK_N_ ("Coupling table explodes."),
        EQK_N_ ("Four-fold products have very many couplings; three is what the published models use.")),
  /* Never raised: no layer visits pairs of neighbours. Angles come from products of harmonics at a node, which cost as many steps as there are edges. */
  RULE ("W-TRIPLETS", NOTHING,
        EQK_N_ ("{n} triplets."),
        EQK_N_ ("Every pair of neighbours of every atom is visited, which grows with the square of the neighbours.")),
  RULE ("W-QUADRATIC", NOTHING,
        EQK_N_ ("{E} edges."),
        EQK_N_ ("Every point sees every other, so twice the points cost four times the time.")),
  RULE ("W-FRAME-DISCONT", PROMISE,
        EQK_N_ ("Discontinuous for symmetric shapes."),
        EQK_N_ ("For symmetric shapes the axes are not unique, and a tiny change can swap them.")),
  RULE ("E-POSE-O3", PROMISE,
        EQK_N_ ("Rotation built from polar vectors flips under mirror."),
        EQK_N_ ("A turn has no mirror image of its own: under a mirror the predicted turn would become something else.")),
  RULE ("W-POSE-DEGENERATE", NOTHING,
        EQK_N_ ("Gram–Schmidt degenerate."),
        EQK_N_ ("Two almost parallel arrows do not fix a turn, so noise decides.")),
  RULE ("W-DIFFUSION-COM", PROMISE,
        EQK_N_ ("Centre of mass must be removed."),
        EQK_N_ ("Noise also shifts the whole cloud, and no shift-invariant network can learn where it should be.")),
  RULE ("E-TIME-NONSCALAR", PROMISE,
        EQK_N_ ("Time embedding must be invariant."),
        EQK_N_ ("The time does not turn with the input, so it must enter as a fixed number.")),
  RULE ("E-ORDERED-DECODER", PROMISE,
        EQK_N_ ("Output order is fixed."),
        EQK_N_ ("A set has no first element; a fixed order of outputs cannot be matched to it.")),
  RULE ("W-EGNN-DRIFT", NOTHING,
        EQK_N_ ("May diverge."),
        EQK_N_ ("Summed coordinate updates grow with the number of neighbours and can run away.")),
  RULE ("W-SPECIES-RANGE", NOTHING,
        EQK_N_ ("Species {z} out of range."),
        EQK_N_ ("The table of kinds has no row for this number.")),
  RULE ("I-EGNN-SCALAR", NOTHING,
        EQK_N_ ("Keeps only scalar features and coordinates."),
        EQK_N_ ("The layer keeps no arrows or higher patterns between layers, only numbers and positions.")),
  RULE ("I-INVARIANT-ONLY", NOTHING,
        EQK_N_ ("Features carry no direction; only distances."),
        EQK_N_ ("Distances alone cannot tell some different arrangements apart.")),
  RULE ("I-CENTER-OUTLIER", NOTHING,
        EQK_N_ ("Centroid is not robust."),
        EQK_N_ ("One far point moves the centre for all others.")),
  RULE ("I-CHIRAL", NOTHING,
        EQK_N_ ("Pseudoscalar: changes sign under mirror."),
        EQK_N_ ("The feature tells left-handed from right-handed; that is wanted only if the answer does too.")),
  RULE ("W-0O-CLASS", PROMISE,
        EQK_N_ ("Scores swap under mirror."),
        EQK_N_ ("The mirror image gets the opposite score, so the class depends on handedness.")),

  /* 3.6 Sets and graphs */
  RULE ("W-SET-ORDER-FEATURE", PROMISE,
        EQK_N_ ("Looks like an element index."),
        EQK_N_ ("A set has no order; a running number would bring one in.")),
  RULE ("W-NODE-ID", PROMISE,
        EQK_N_ ("Breaks permutation symmetry."),
        EQK_N_ ("Names of nodes are arbitrary; a network that sees them cannot treat renamed graphs alike.")),
  RULE ("W-POSENC", PROMISE,
        EQK_N_ ("Sets have no positions."),
        EQK_N_ ("A set has no order, so there are no positions to encode.")),
  RULE ("W-LAPPE-SIGN", PROMISE,
        EQK_N_ ("Signs are arbitrary."),
        EQK_N_ ("An eigenvector with its sign changed is as good, so the same graph gets different features.")),
  RULE ("E-LSTM-AGGR", RUN,
        EQK_N_ ("LSTM depends on neighbour order."),
        EQK_N_ ("A recurrent network reads neighbours one after the other, and another order gives another result.")),
  RULE ("I-SUM-SIZE", NOTHING,
        EQK_N_ ("Sum grows with set size."),
        EQK_N_ ("The sum of a larger set is larger, which may be wanted or not.")),
  RULE ("I-MEAN-COUNT", NOTHING,
        EQK_N_ ("Mean cannot count elements."),
        EQK_N_ ("The mean of a set and of the set taken twice are equal, so counts are lost.")),
  RULE ("I-ATTENTION-COUNT", NOTHING,
        EQK_N_ ("Attention cannot count elements."),
        EQK_N_ ("Weights of attention add up to one, so a set and the set taken twice look alike to it. Where the answer grows with the set, join a sum over the elements.")),
  RULE ("E-EDGECONV-ROT", PROMISE,
        EQK_N_ ("Not rotation-equivariant."),
        EQK_N_ ("Differences of raw coordinates turn with the input, and an ordinary network does not.")),
  RULE ("W-EDGEFEAT-IGNORED", NOTHING,
        EQK_N_ ("Edge features unused."),
        EQK_N_ ("This layer looks only at who is linked to whom.")),
  RULE ("W-OVERSMOOTH", NOTHING,
        EQK_N_ ("Features converge."),
        EQK_N_ ("Averaging over neighbours again and again makes all nodes alike.")),
  RULE ("W-SAB-QUAD", NOTHING,
        EQK_N_ ("Quadratic cost."),
        EQK_N_ ("Every element attends to every other, so twice the elements cost four times the time.")),
  RULE ("W-IGN-MEM", NOTHING,
        EQK_N_ ("n² memory."),
        EQK_N_ ("The layer keeps a number for every pair of nodes.")),
  RULE ("W-TOPK-TIES", PROMISE,
        EQK_N_ ("Ties break equivariance."),
        EQK_N_ ("Which of two equally scored nodes is kept depends on their order.")),

  /* 3.7 Specification and process */
  RULE ("E-MLP-ON-IRREP", PROMISE,
        EQK_N_ ("An MLP may only read invariants."),
        EQK_N_ ("An ordinary network treats each component alone, so a turned arrow gets an unrelated answer.")),
  RULE ("W-OVERCONSTRAIN", NOTHING,
        EQK_N_ ("Too much symmetry for this task."),
        EQK_N_ ("A network that must ignore a move cannot learn anything that depends on it.")),
  RULE ("I-UNDER", NOTHING,
        EQK_N_ ("{g} was confirmed but is unused."),
        EQK_N_ ("The answer stays the same under that move; building it in saves data and weights.")),
  RULE ("I-DATA-VS-LABEL", NOTHING,
        EQK_N_ ("Does the answer obey the symmetry?"),
        EQK_N_ ("Turning the data is not enough: it must be known what happens to the answer.")),
  RULE ("I-AUGMENT", NOTHING,
        EQK_N_ ("Keep augmentation: discretisation errors can be learned."),
        EQK_N_ ("On pixels some moves are only approximate, and training on moved copies makes up for the rest.")),
  RULE ("W-DEPTH-RECEPTIVE", NOTHING,
        EQK_N_ ("{rf} px/hops vs {need}."),
        EQK_N_ ("What lies further away than the network sees cannot influence the answer.")),
  RULE ("W-BUDGET", NOTHING,
        EQK_N_ ("{what}: {x}, of at most {limit}. The largest part is {node}."),
        EQK_N_ ("You set a limit for the size or cost of the design.")),
  RULE ("E-LIB-UNSUPPORTED", NOTHING,
        EQK_N_ ("{lib} has no form for {node}."),
        EQK_N_ ("The chosen format has no words for this layer or group; the others can express it.")),
  RULE ("W-CUSTOM-EXPORT", NOTHING,
        EQK_N_ ("{node} has no class in {lib}; a custom module is written."),
        EQK_N_ ("The library has no such layer, so its formula is written out in a module of its own.")),
  RULE ("E-DATA-TYPE", PROMISE,
        EQK_N_ ("The column {name} does not turn like {type}."),
        EQK_N_ ("The column does not turn like an arrow (or whatever it was declared to be) when the sample is turned.")),
  RULE ("W-UNITS-MISSING", NOTHING,
        EQK_N_ ("Units of {quantity} are not stated."),
        EQK_N_ ("Numbers without a unit or sign convention cannot be compared with other data or used outside.")),
  RULE ("W-DATA-ASYMMETRIC", NOTHING,
        EQK_N_ ("In your data, {transformed} samples have different answers."),
        EQK_N_ ("In your data, moved samples have different answers, so the network would be forced to be wrong on some.")),
  RULE ("W-SYMMETRY-DRIFT", PROMISE,
        EQK_N_ ("Symmetry error grew from {a} to {b}."),
        EQK_N_ ("Training made the network rely on details that the moves do not preserve.")),
  RULE ("W-NOT-VERIFIED", NOTHING,
        EQK_N_ ("Design changed since last verification."),
        EQK_N_ ("The last report belongs to another version, so it says nothing about this one.")),
};

/* Findings that are no lint of the guidance but mistakes no design may hold; found by code, not listed. */
static const EqkLintRule *const mistakes[] = {
  RULE ("E-SETTING", RUN,
        EQK_N_ ("{setting} of {node} is {found}; it takes {allowed}."),
        EQK_N_ ("A setting outside of its range has no defined result, and nothing is changed silently.")),
  RULE ("E-LAYER-GROUP", PROMISE,
        EQK_N_ ("{layer} does not fit this symmetry: {why}"),
        EQK_N_ ("The layer is defined for other groups than the one this design promises.")),
  RULE ("E-LAYER-UNKNOWN", RUN,
        EQK_N_ ("{node} is a layer “{layer}” that this version does not know; it is kept as it is."),
        EQK_N_ ("The design was made with another version or an extension; nothing can be computed past this layer.")),
  RULE ("E-LINK", RUN,
        EQK_N_ ("A link into {node} cannot be made: {what}."),
        EQK_N_ ("A link needs an output and an input that both exist, and most inputs take one link only.")),
  RULE ("E-PLAN", NOTHING,
        EQK_N_ ("{setting} is {found}; it takes {allowed}."),
        EQK_N_ ("Training does not begin with a plan that holds it, and nothing is changed silently.")),
  RULE ("W-PLAN-UNKNOWN", NOTHING,
        EQK_N_ ("The training plan says {setting}, which nothing reads."),
        EQK_N_ ("A misspelt setting has no effect: training then uses the default. What is not known is kept in the file.")),
  RULE ("W-NEWER-FORMAT", NOTHING,
        EQK_N_ ("The file has format {found}; this program knows formats up to {known}."),
        EQK_N_ ("A newer version wrote it. What is new there has no effect here, so numbers may differ; the file can be read but not saved.")),
  RULE ("E-GROUP-UNKNOWN", RUN,
        EQK_N_ ("There is no such symmetry group."),
        EQK_N_ ("Without a group there is nothing to promise.")),
};

enum { N_RULES = sizeof rules / sizeof rules[0], N_MISTAKES = sizeof mistakes / sizeof mistakes[0] };

const EqkLintRule *const *
eqk_lint_rules (int *n)
{
  if (n != NULL)
    *n = N_RULES;
  return rules;
}

const EqkLintRule *
eqk_lint_find (const char *code)
{
  if (code == NULL)
    return NULL;
  for (int i = 0; i < N_RULES; i++)
    if (strcmp (rules[i]->code, code) == 0)
      return rules[i];
  for (int i = 0; i < N_MISTAKES; i++)
    if (strcmp (mistakes[i]->code, code) == 0)
      return mistakes[i];
  return NULL;
}

EqkSeverity
eqk_lint_severity (const char *code)
{
  if (code != NULL && code[0] == 'E')
    return EQK_SEVERITY_ERROR;
  return code != NULL && code[0] == 'W' ? EQK_SEVERITY_WARNING : EQK_SEVERITY_NOTE;
}

/* One "name=value" of args; a value is quoted ('..' or "..") or runs to the next blank. Returns the rest, NULL at the end. */
static const char *
next_arg (const char *args, const char **name, size_t *n_name, const char **value, size_t *n_value)
{
  const char *p = args + strspn (args, " ");
  const char *equals = strchr (p, '=');

  if (equals == NULL)
    return NULL;
  *name = p;
  *n_name = (size_t) (equals - p);
  p = equals + 1;
  if (*p == '\'' || *p == '"')
    {
      const char  quote = *p++;
      const char *end = strchr (p, quote);

      *value = p;
      *n_value = end == NULL ? strlen (p) : (size_t) (end - p);
      return p + *n_value + (end != NULL);
    }
  *value = p;
  *n_value = strcspn (p, " ");
  return p + *n_value;
}

static bool
find_arg (const char *args, const char *name, size_t n_name, const char **value, size_t *n_value)
{
  const char *key;
  size_t      n_key;

  for (const char *p = args; p != NULL && (p = next_arg (p, &key, &n_key, value, n_value)) != NULL;)
    if (n_key == n_name && memcmp (key, name, n_name) == 0)
      return true;
  return false;
}

bool
eqk_lint_arg (const char *args, const char *name, char *value, size_t size)
{
  const char *found;
  size_t      n;

  if (size == 0 || !find_arg (args, name, strlen (name), &found, &n))
    return false;
  snprintf (value, size, "%.*s", (int) n, found);
  return true;
}

/* How many of the n bytes are whole UTF-8 characters: a cut must not leave half of one. */
static size_t
whole_characters (const char *text, size_t n)
{
  size_t        start = n, need;
  unsigned char lead;

  while (start > 0 && ((unsigned char) text[start - 1] & 0xC0) == 0x80)
    start--;
  if (start == 0)
    return n;
  lead = (unsigned char) text[start - 1];
  need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  return n - (start - 1) >= need ? n : start - 1;
}

void
eqk_lint_format (const char *template_text, const char *args, char *text, size_t size)
{
  size_t at = 0;

  if (size == 0)
    return;
  for (const char *p = template_text; *p != 0 && at + 1 < size;)
    {
      const char *piece = p;
      size_t      n = 1;

      if (*p == '{')
        {
          const size_t inner = strcspn (p + 1, "}");

          /* A placeholder without a value stays visible: better an odd sentence than a wrong one. */
          if (p[1 + inner] == '}' && find_arg (args, p + 1, inner, &piece, &n))
            p += inner + 1;
          else
            piece = p, n = 1;
        }
      if (n > size - 1 - at)
        n = size - 1 - at;
      memcpy (text + at, piece, n);
      at += n;
      p++;
    }
  at = whole_characters (text, at);
  text[at] = 0;
}
