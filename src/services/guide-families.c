/*
 * The families. Scores of expressiveness and support are the guide's priors, from common practice and the papers cited there;
 * families of other domains stand here with what is known of them, so that the guide can rank them and say what is missing.
 */

#include "services/guide-families.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define INVARIANT_TASKS "classification|regression"

static const EqsFamily families[] = {
  /* ---- images ---- */
  { .id = "g-cnn", .rule = "R1", .title = N_("G-CNN: lifting and group convolutions"), .domains = "image", .native = EQS_NATIVE_GRID, .tasks = INVARIANT_TASKS,
    .expressiveness = 0.8, .support = 1, .exactness = 1, .library = "escnn", .topology = N_("lift, process, pool"),
    .reason = N_("Where the group maps the pixel grid to itself, a convolution over places and poses is exact to rounding; by the theorem of Kondor and Trivedi every equivariant linear map is one."),
    .prefer_when = N_("quarter turns and mirrors are all there is, and weights should read as ordinary filters"), .scaling = N_("the square of the number of poses"),
    .forms = { { "classification", "T02" }, { "regression", "T02" } } },
  { .id = "r2conv-regular", .rule = "R1", .title = N_("Steerable CNN with regular fields"), .domains = "image", .native = EQS_NATIVE_GRID | EQS_NATIVE_FINITE,
    .tasks = INVARIANT_TASKS, .expressiveness = 0.8, .support = 1, .exactness = 0, .library = "escnn", .topology = N_("encoder, pooling"),
    .reason = N_("Filters are solutions of the symmetry's constraint for any number of steps; regular fields keep one channel per pose and admit every point-wise non-linearity."),
    .prefer_when = N_("steps finer than a quarter turn matter, or fields of other kinds are needed"), .scaling = N_("the square of the number of poses"),
    .forms = { { "classification", "T01" }, { "regression", "T01" } } },
  { .id = "u-net-regular", .rule = "R2", .title = N_("Steerable U-Net with regular fields"), .domains = "image", .native = EQS_NATIVE_GRID | EQS_NATIVE_FINITE,
    .tasks = "segmentation", .expressiveness = 0.8, .support = 1, .exactness = 0, .library = "escnn", .topology = N_("encoder, decoder with links across"),
    .reason = N_("The answer has to turn with the picture, so poses are kept to the last layer; blurred strides on odd sizes keep the grid centred on the way down and up."),
    .prefer_when = N_("each pixel gets an answer"), .scaling = N_("the square of the number of poses"), .forms = { { "segmentation", "T03" } } },
  { .id = "r2conv-vector", .rule = "R2", .title = N_("Steerable CNN from fields to fields"), .domains = "image", .native = EQS_NATIVE_GRID | EQS_NATIVE_FINITE,
    .tasks = "generation|dynamics", .expressiveness = 0.8, .support = 1, .exactness = 0, .library = "escnn", .topology = N_("layers of one size"),
    .reason = N_("Arrows are fields of frequency 1 at both ends, with regular fields between: places move and arrows turn together."),
    .prefer_when = N_("the result is a picture or a flow of the same size"), .scaling = N_("the square of the number of poses"),
    .forms = { { "generation", "T24" }, { "dynamics", "T24" } } },
  { .id = "r2conv-irreps", .rule = "R4", .title = N_("Steerable CNN with irreps and gates"), .domains = "image", .native = EQS_NATIVE_PLANE,
    .tasks = INVARIANT_TASKS "|segmentation|generation|pose", .expressiveness = 0.7, .support = 1, .exactness = 0.8, .usual_mflop = 240, .library = "escnn",
    .topology = N_("encoder, pooling"),
    .reason = N_("Fields of frequency 0, 1, 2 … turn by any angle; parameters are few because nothing is repeated for each pose."),
    .prefer_when = N_("parameters are tight, or steps would have to be finer than a sixteenth turn"), .scaling = N_("the number of frequencies") },
  { .id = "r2conv-fourier", .rule = "R5", .title = N_("Band-limited regular fields with Fourier activations"), .domains = "image", .native = EQS_NATIVE_PLANE,
    .tasks = INVARIANT_TASKS "|segmentation", .expressiveness = 0.85, .support = 1, .exactness = 0.5, .usual_mflop = 500, .library = "escnn",
    .topology = N_("encoder, pooling"), .reason = N_("Activations act on samples of the circle and are projected back: more expressive than gates, with a small aliasing error."),
    .prefer_when = N_("accuracy counts more than exactness"), .scaling = N_("the number of samples on the circle") },
  { .id = "harmonic", .rule = "R6", .title = N_("Harmonic network"), .domains = "image", .native = EQS_NATIVE_PLANE, .tasks = INVARIANT_TASKS,
    .expressiveness = 0.5, .support = 0.5, .exactness = 0.8, .usual_mflop = 60, .library = "escnn", .topology = N_("encoder, pooling"),
    .reason = N_("Circular harmonics with learned radial profiles: the smallest rotation-equivariant network."), .prefer_when = N_("the network must be very small, or for teaching"),
    .scaling = N_("the number of frequencies") },
  { .id = "orientation", .rule = "R7", .title = N_("Steerable CNN with a frequency-1 head"), .domains = "image", .native = EQS_NATIVE_PLANE, .tasks = "pose",
    .expressiveness = 0.7, .support = 1, .exactness = 0.8, .usual_mflop = 120, .library = "escnn", .topology = N_("encoder, equivariant pooling"),
    .reason = N_("An arrow that turns with the picture is its orientation."), .prefer_when = N_("the angle of a picture is asked for"), .scaling = N_("the number of frequencies") },
  /* ---- spheres ---- */
  { .id = "spherical-cnn", .rule = "R8", .title = N_("Spherical CNN: convolutions from the sphere to SO(3)"), .domains = "sphere", .native = EQS_NATIVE_SPHERE, .tasks = INVARIANT_TASKS,
    .expressiveness = 0.8, .support = 0.5, .exactness = 0.5, .usual_mflop = 120, .library = "s2cnn", .topology = N_("encoder, pooling"),
    .reason = N_("Rotations of the sphere act on signals; convolution with them lifts to SO(3)."), .prefer_when = N_("signals live on a sphere"), .scaling = N_("the cube of the bandwidth") },
  { .id = "spherical-unet", .rule = "R9", .title = N_("Zonal convolutions on the sphere"), .domains = "sphere", .native = EQS_NATIVE_SPHERE, .tasks = "segmentation",
    .expressiveness = 0.7, .support = 1, .exactness = 0.5, .usual_mflop = 200, .library = "e3nn", .topology = N_("encoder, decoder"),
    .reason = N_("Zonal filters are multiplications by degree and keep the sphere."), .prefer_when = N_("each place on the sphere gets an answer"), .scaling = N_("the cube of the bandwidth") },
  /* ---- points and molecules ---- */
  { .id = "egnn", .rule = "R10", .title = N_("EGNN"), .domains = "points|molecule", .native = EQS_NATIVE_SPACE, .tasks = INVARIANT_TASKS "|dynamics|generation",
    .expressiveness = 0.6, .support = 0.6, .exactness = 1, .usual_mflop = 20, .library = "PyG", .topology = N_("message passing"),
    .reason = N_("Messages from distances, coordinates moved along differences: exact and fast."), .prefer_when = N_("data are few or speed comes first"), .scaling = N_("the number of pairs"),
    .forms = { { "dynamics", "T17" }, { "generation", "T15" } } },
  { .id = "tfn", .rule = "R11", .title = N_("Tensor field network with gates, degree 2"), .domains = "points|molecule", .native = EQS_NATIVE_SPACE,
    .tasks = INVARIANT_TASKS "|segmentation|pose|forces", .expressiveness = 0.8, .support = 1, .exactness = 1, .usual_mflop = 80, .library = "e3nn", .topology = N_("message passing"),
    .reason = N_("Tensor products with spherical harmonics are all equivariant couplings of neighbours."), .prefer_when = N_("data are few and directions matter"), .scaling = N_("the edges, and the sixth power of the degree"),
    .forms = { { "regression", "T08" }, { "classification", "T08" }, { "pose", "T14" } } },
  { .id = "attention-3d", .rule = "R13", .title = N_("Equivariant attention over neighbours"), .domains = "points", .native = EQS_NATIVE_SPACE, .tasks = "segmentation|classification",
    .expressiveness = 0.8, .support = 1, .exactness = 1, .usual_mflop = 200, .library = "e3nn", .topology = N_("encoder"),
    .reason = N_("Weights from invariants of query and key, values that turn."), .prefer_when = N_("clouds are large"), .scaling = N_("the edges"), .forms = { { "segmentation", "T16" } } },
  { .id = "nequip", .rule = "R14", .title = N_("NequIP, degree 2"), .domains = "molecule", .native = EQS_NATIVE_SPACE, .tasks = "forces|regression",
    .expressiveness = 0.9, .support = 1, .exactness = 1, .usual_mflop = 300, .library = "NequIP", .topology = N_("message passing, sum"),
    .reason = N_("Energies from equivariant messages; forces are their exact gradient."), .prefer_when = N_("there are at most ten thousand structures"), .scaling = N_("the edges, and the sixth power of the degree"),
    .forms = { { "forces", "T09" } } },
  { .id = "mace", .rule = "R15", .title = N_("MACE, two interactions"), .domains = "molecule", .native = EQS_NATIVE_SPACE, .tasks = "forces|regression",
    .expressiveness = 0.95, .support = 1, .exactness = 1, .usual_mflop = 100, .library = "MACE", .topology = N_("message passing, sum"),
    .reason = N_("Many-body messages by symmetric contractions, so that two layers are enough."), .prefer_when = N_("there are a thousand structures or more, and speed counts"), .scaling = N_("the edges"),
    .forms = { { "forces", "T10" } } },
  { .id = "schnet", .rule = "R16", .title = N_("SchNet"), .domains = "molecule", .native = EQS_NATIVE_SPACE, .tasks = "forces|regression",
    .expressiveness = 0.5, .support = 1, .exactness = 1, .usual_mflop = 60, .library = "PyG", .topology = N_("message passing, sum"),
    .reason = N_("Continuous filters of distances; all features are invariant."), .prefer_when = N_("energies alone are asked for, on a processor without accelerator"), .scaling = N_("the edges"),
    .forms = { { "regression", "T11" } } },
  { .id = "painn", .rule = "R16", .title = N_("PaiNN"), .domains = "molecule", .native = EQS_NATIVE_SPACE, .tasks = "forces|regression",
    .expressiveness = 0.65, .support = 1, .exactness = 1, .usual_mflop = 60, .library = "PyG", .topology = N_("message passing, sum"),
    .reason = N_("Scalars and arrows, coupled by their lengths."), .prefer_when = N_("dipoles or polarisabilities are asked for"), .scaling = N_("the edges"),
    .forms = { { "regression", "T12" } } },
  /* ---- sets and graphs ---- */
  { .id = "deepsets", .rule = "R19", .title = N_("DeepSets"), .domains = "set", .native = EQS_NATIVE_PERMUTE, .tasks = INVARIANT_TASKS,
    .expressiveness = 0.6, .support = 1, .exactness = 1, .usual_mflop = 5, .library = "torch", .topology = N_("encoder, sum"),
    .reason = N_("Every continuous function of a set is a function of a sum."), .prefer_when = N_("sets are small and elements hardly interact"), .relations = "alone", .scaling = N_("the elements"), .forms = { { "classification", "T18" }, { "regression", "T18" } } },
  { .id = "set-transformer", .rule = "R20", .title = N_("Set Transformer"), .domains = "set", .native = EQS_NATIVE_PERMUTE, .tasks = INVARIANT_TASKS,
    .expressiveness = 0.8, .support = 1, .exactness = 1, .usual_mflop = 30, .library = "PyG", .topology = N_("encoder, attention pooling"),
    .reason = N_("Attention does not know an order of elements."), .prefer_when = N_("interactions of elements matter"), .relations = "interacting", .scaling = N_("the square of the elements, or the elements times inducing points"), .forms = { { "classification", "T19" }, { "regression", "T19" } } },
  { .id = "gin", .rule = "R21", .title = N_("GIN"), .domains = "graph", .native = EQS_NATIVE_PERMUTE, .tasks = INVARIANT_TASKS,
    .expressiveness = 0.75, .support = 1, .exactness = 1, .usual_mflop = 5, .library = "PyG", .topology = N_("message passing, sum"),
    .reason = N_("As strong as the Weisfeiler-Leman test of degree one."), .prefer_when = N_("edges carry no features"), .relations = "links", .scaling = N_("the edges"), .forms = { { "classification", "T20" }, { "regression", "T20" } } },
  { .id = "mpnn", .rule = "R22", .title = N_("Message passing with edge features"), .domains = "graph", .native = EQS_NATIVE_PERMUTE, .tasks = INVARIANT_TASKS,
    .expressiveness = 0.8, .support = 1, .exactness = 1, .usual_mflop = 40, .library = "PyG", .topology = N_("message passing"),
    .reason = N_("Messages depend on both ends and the edge."), .prefer_when = N_("edges carry features"), .relations = "edge-features", .scaling = N_("the edges"), .forms = { { "classification", "T22" }, { "regression", "T22" } } },
  { .id = "gat", .rule = "R23", .title = N_("Graph attention, two layers"), .domains = "graph", .native = EQS_NATIVE_PERMUTE, .tasks = "node",
    .expressiveness = 0.6, .support = 1, .exactness = 1, .usual_mflop = 5, .library = "PyG", .topology = N_("per node"),
    .reason = N_("Neighbours are weighed by what they carry."), .prefer_when = N_("neighbours are alike"), .scaling = N_("the edges"), .forms = { { "node", "T21" } } },
  { .id = "ign", .rule = "R24", .title = N_("Invariant graph network of order 2"), .domains = "graph", .native = EQS_NATIVE_PERMUTE, .tasks = INVARIANT_TASKS,
    .expressiveness = 0.85, .support = 0.6, .exactness = 1, .usual_mflop = 20, .library = "torch", .topology = N_("pairs, pooling"),
    .reason = N_("All linear maps of pairs that keep permutations, and their product: beyond the Weisfeiler-Leman test of degree one."), .prefer_when = N_("rings and patterns decide that neighbours alone cannot tell apart, in graphs of at most 60 nodes"), .relations = "patterns", .scaling = N_("the square of the nodes"), .forms = { { "classification", "T23" }, { "regression", "T23" } } },
};

const EqsFamily *
eqs_families (guint *n)
{
  *n = G_N_ELEMENTS (families);
  return families;
}

const EqsFamily *
eqs_family_find (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    if (strcmp (families[i].id, id) == 0)
      return &families[i];
  return NULL;
}
