/*
 * Problems and their fixes: for each code a design that has it and one that differs as little as possible and has not; every
 * fix offered is applied the way the window does it, must mend what it promises without harm, and can be undone.
 * Designs are texts (design-text.h).
 */

#include "model/compile.h"
#include "model/edits.h"
#include "model/file.h"
#include "model/history.h"
#include "design-text.h"

#include <string.h>

typedef struct
{
  const char *code;
  const char *fires, *silent;
  int         n_fixes;           /* offered, at least */
} Case;

#define IN "in input_image height=9 width=9\n"
#define OUT "out field_output\n"
#define BODIES "in input_points species=1\ns species_embed species=1 one_hot=on < in.species >species\np complete_graph < in.positions >positions\n"
#define NEXT "out nbody_output < l.positions >positions\n"
#define ATOMS "in input_points species=3\ns species_embed species=3 channels=4 < in.species >species\n"
/* Shapes of points as far as features with directions, and what comes behind. */
#define POINTS(degree) "in input_points species=1\ns species_embed species=1 one_hot=on < in.species >species\n" \
  "n radius_graph cutoff=1.5 < in.positions >positions\nh sph_harm degree=" degree " < n.vector >vector\n" \
  "r radial_basis cutoff=1.5 < n.length >length\n"
#define FIRST(out) "c tfn_conv out=" out " gates=off < s h >harmonics r >radial\n"
#define SECOND(out) "d tfn_conv out=" out " gates=off < c h >harmonics r >radial\n"
#define SCORES "q extract_scalars\np global_pool pool=mean\nout mlp_head out=3\n"
#define GRAPH "in input_graph channels=4\n"
#define RICH_GRAPH "in input_graph channels=4 edge_channels=2\n"
#define SET "in input_set channels=3"
#define ALL_OF(node) "s global_pool pool=mean < " node "\nout mlp_head out=3\n"
#define ALL "p global_pool pool=mean\nout mlp_head out=3\n"
#define EDGES(L) "nb radius_graph cutoff=3 < in.positions >positions\nrb radial_basis cutoff=3 n=4 < nb.length >length\nsh sph_harm degree=" L " < nb.vector >vector\n"
#define CONV(id, from, irreps) id " tfn_conv gates=off out=" irreps " hidden=[4] < " from " >x sh >harmonics rb >radial\n"
#define BRANCHES(window) "c r2conv out=2x reg k=3\na r2conv out=2x reg k=3 stride=2 < c\nb maxpool_pw " window " < c\nga global_avg < a\ngb global_avg < b\nj add < ga gb\n"
#define CLASSIFY "gp group_pool\nav global_avg\nout mlp_head out=3\n"

static const Case cases[] = {
  /* irreps of space */
  { "E-MAX-IRREP", "O3\n" POINTS ("1") "a scatter pool=max < h\n" SCORES, "O3\n" POINTS ("1") "a scatter pool=sum < h\n" SCORES, 1 },
  { "I-CHIRAL", "O3\n" ATOMS EDGES ("1") CONV ("c", "s", "2x0e + 2x1o") CONV ("d", "c", "2x0e + 2x1o + 2x1e") CONV ("e", "d", "2x0e + 2x0o") "p global_pool\nout chiral_classifier\n",
    "O3\n" ATOMS EDGES ("1") CONV ("c", "s", "2x0e + 2x1o") CONV ("d", "c", "2x0e + 2x1o + 2x1e") CONV ("e", "d", "2x0e") "p global_pool\nout softmax_classifier classes=0\n", 0 },
  { "W-DIFFUSION-COM", "E3\nin noisy_points species=2\nb concat < in.types in.time\ne irreps_linear out=4x0e bias=on < b\np complete_graph < in.positions >positions\nl egnn_layer hidden=4 < e in.positions >positions p.length >edges\nd denoise_step species=2 centre=off < l l.velocities >steps\nout flow_sampler < d.noise >noise d.types >types\n", "E3\nin noisy_points species=2\nb concat < in.types in.time\ne irreps_linear out=4x0e bias=on < b\np complete_graph < in.positions >positions\nl egnn_layer hidden=4 < e in.positions >positions p.length >edges\nd denoise_step species=2 < l l.velocities >steps\nout flow_sampler < d.noise >noise d.types >types\n", 1 },
  { "E-VECTOR-FROM-INVARIANT", "O3\n" ATOMS "out direct_vector_head\n", "O3\n" ATOMS EDGES ("1") CONV ("c", "s", "2x0e + 2x1o") "out direct_vector_head\n", 0 },
  { "W-MACE-EQUALMUL", "O3\n" ATOMS EDGES ("1") "m mace_interaction out=4x0e + 2x1o hidden=[4] < s >x sh >harmonics rb >radial\n" OUT,
    "O3\n" ATOMS EDGES ("1") "m mace_interaction out=4x0e + 4x1o hidden=[4] < s >x sh >harmonics rb >radial\n" OUT, 0 },
  { "W-NEQUIP-UNREACH", "O3\n" ATOMS EDGES ("1") CONV ("c", "s", "2x0e + 2x0o") OUT, "O3\n" ATOMS EDGES ("1") CONV ("c", "s", "2x0e + 2x1o") OUT, 0 },
  { "W-LMAX-COST", "O3\n" ATOMS EDGES ("4") CONV ("c", "s", "2x0e + 2x1o") OUT, "O3\n" ATOMS EDGES ("2") CONV ("c", "s", "2x0e + 2x1o") OUT, 1 },
  /* 3.1 Graph and types */
  { "E-TYPE-MISMATCH", "C4\n" IN "c r2conv out=2x f1 k=3\nl lift_conv out=2\n" OUT, "C4\n" IN "c r2conv out=2x triv k=3\nl lift_conv out=2\n" OUT, 1 },
  /* the nearest that nothing reads is a pooled one, which a convolution cannot take */
  { "E-UNCONNECTED", "C4\n" IN "c r2conv out=2x reg k=3\ng group_pool\na global_avg\nd r2conv out=2x reg k=3 <\nout field_output\nkeep mlp_head out=2 < a\n", "C4\n" IN "c r2conv out=2x reg k=3\ng group_pool\na global_avg\nd r2conv out=2x reg k=3 < c\nout field_output\nkeep mlp_head out=2 < a\n", 1 },
  { "E-TYPE-MISMATCH", "O3\n" ATOMS "c center_coords < in.positions >positions\nd concat < c c\nh sph_harm < d >vector\n" OUT,
    "O3\n" ATOMS "c center_coords < in.positions >positions\nh sph_harm < c >vector\n" OUT, 0 },
  { "E-TYPE-MISMATCH", "O3\n" ATOMS "c center_coords < in.positions >positions\nn norm_pool\nd concat < n n\nr radial_basis < d >length\n" OUT,
    "O3\n" ATOMS "c center_coords < in.positions >positions\nn norm_pool\nr radial_basis < n >length\n" OUT, 0 },
  { "E-TYPE-MISMATCH", "Sn\n" GRAPH "p topk_pool < in in.edges >edges\nout node_head out=2 < p.nodes\n",
    "Sn\n" GRAPH "p topk_pool < in in.edges >edges\nu unpool < p.nodes in >like\nout node_head out=2\n", 0 },
  { "E-TYPE-MISMATCH", "Sn\n" GRAPH "p topk_pool < in in.edges >edges\ng gin widths=[4] < p.nodes in.edges >edges\n" ALL_OF ("g"), "Sn\n" GRAPH "p topk_pool < in in.edges >edges\ng gin widths=[4] < p.nodes p.edges >edges\n" ALL_OF ("g"), 0 },
  { "E-UNCONNECTED", "Sn\n" GRAPH "p topk_pool < in\ng gin widths=[4] < p.nodes p.edges >edges\n" ALL_OF ("g"), "Sn\n" GRAPH "p topk_pool < in in.edges >edges\ng gin widths=[4] < p.nodes p.edges >edges\n" ALL_OF ("g"), 0 },
  { "E-GROUP-MISMATCH", "C4\n" IN "c r2conv out=2x reg k=3\nr restrict group=C2\na add < c r\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\nr relu_pw\na add < c r\n" OUT, 1 },
  { "E-GROUP-MISMATCH", "C4\n" IN "c r2conv out=2x reg k=3\nr restrict group=C2\na concat < c r\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\nr relu_pw\na concat < c r\n" OUT, 1 },
  { "E-CYCLE", "C4\n" IN "c r2conv out=2x reg k=3\na add < c b\nb relu_pw\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\nb relu_pw\na add < c b\n" OUT, 1 },
  { "E-UNCONNECTED", "C4\n" IN "c r2conv out=2x reg k=3 <\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\n" OUT, 1 },
  { "E-UNCONNECTED", "C4\n" IN "c r2conv out=2x reg k=3\nu skip_unet\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\nu skip_unet < c c >skip\n" OUT, 0 },
  { "W-UNUSED", "C4\n" IN "c r2conv out=2x reg k=3\nr relu_pw\nout field_output < c\n", "C4\n" IN "c r2conv out=2x reg k=3\nr relu_pw\nout field_output < r\n", 1 },
  { "E-NO-OUTPUT", "C4 classification\n" IN "c r2conv out=2x reg k=5\n", "C4 classification\n" IN "c r2conv out=2x reg k=5\n" CLASSIFY, 1 },
  { "E-NO-OUTPUT", "C4 segmentation\n" IN "c r2conv out=2x reg k=3\n", "C4 segmentation\n" IN "c r2conv out=2x reg k=3\nout segmentation_head_grid out=3\n", 1 },
  { "E-NO-OUTPUT", "SO2 regression\n" IN "m disk_mask\nc r2conv out=2x f1 + 1x triv k=5\n", "SO2 regression\n" IN "m disk_mask\nc r2conv out=2x triv k=5\nav global_avg\nout regression_head\n", 1 },
  { "E-OUTPUT-TYPE", "C4 classification\n" IN "c r2conv out=2x reg k=5\ngp group_pool\nav global_avg\nout mlp_head out=3 gives=numbers\n", "C4 classification\n" IN "c r2conv out=2x reg k=5\n" CLASSIFY, 1 },
  { "E-OUTPUT-TYPE", "C4 classification\n" IN "c r2conv out=2x reg k=5\nout field_output\n", "C4\n" IN "c r2conv out=2x reg k=5\nout field_output\n", 1 },
  { "E-OUTPUT-TYPE", "C4 segmentation\n" IN "c r2conv out=2x reg k=5\nout field_output\n", "C4 segmentation\n" IN "c r2conv out=2x reg k=5\nout segmentation_head_grid out=2\n", 1 },
  { "E-OUTPUT-TYPE", "C4 regression\n" IN "c r2conv out=2x f1 k=5\nav global_avg\nout field_output\n", "C4 regression equivariant\n" IN "c r2conv out=2x f1 k=5\nav global_avg\nout field_output\n", 1 },
  { "E-ADD-TYPE", "C4\n" IN "c r2conv out=2x reg k=3\nd r2conv out=4x f1 k=3 < in\na add < c d\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\nd r2conv out=2x reg k=3 < in\na add < c d\n" OUT, 1 },
  { "E-ADD-TYPE", "C4\n" IN "c r2conv out=2x reg + 1x f1 k=3\nd r2conv out=1x f1 + 2x reg k=3 < in\na add < c d\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\nd r2conv out=2x reg k=3 < in\na add < c d\n" OUT, 1 },
  { "E-ADD-TYPE", "C4\n" IN "c r2conv out=2x reg k=3\nd r2conv out=2x reg k=3 pad=0 < in\na add < c d\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\nd r2conv out=2x reg k=3 pad=1 < in\na add < c d\n" OUT, 1 },
  { "E-ADD-TYPE", "C4\n" IN "c r2conv out=2x reg k=3\nd r2conv out=4x f1 k=3 < in\na add < c d\n" OUT "more field_output < d\n", "C4\n" IN "c r2conv out=4x f1 k=3\nd r2conv out=4x f1 k=3 < in\na add < c d\n" OUT "more field_output < d\n", 1 },
  { "E-SPLIT-FIELD", "C4\n" IN "c r2conv out=2x reg k=3\ns split at=3\nout field_output < s.a\np field_output < s.b\n", "C4\n" IN "c r2conv out=2x reg k=3\ns split at=4\nout field_output < s.a\np field_output < s.b\n", 1 },
  { "E-SKIP-SIZE", "C4\n" IN "c r2conv out=2x reg k=3\nd r2conv out=2x reg k=3 pad=0\nu skip_unet < d c >skip\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\nd r2conv out=2x reg k=3 pad=1\nu skip_unet < d c >skip\n" OUT, 2 },
  { "E-SKIP-SIZE", "C4\n" IN "c r2conv out=2x reg k=3 pad=0\nd r2conv out=2x reg k=3 pad=2\nu skip_unet < d c >skip\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3 pad=0\nd r2conv out=2x reg k=3\nu skip_unet < d c >skip\n" OUT, 2 },
  { "E-MUL-NONSCALAR", "C4\n" IN "c r2conv out=2x f1 k=3\nd r2conv out=2x f1 k=3 < in\nm multiply_by_scalar < c d >scalar\n" OUT, "C4\n" IN "c r2conv out=2x f1 k=3\nd r2conv out=2x triv k=3 < in\nm multiply_by_scalar < c d >scalar\n" OUT, 1 },
  { "E-FLATTEN-SPATIAL", "C4 classification\n" IN "c r2conv out=2x reg k=5\nf flatten\nout mlp_head out=3\n", "C4 classification\n" IN "c r2conv out=2x reg k=5\ngp group_pool\nav global_avg\nf flatten\nout mlp_head out=3\n", 1 },
  { "E-FLATTEN-SPATIAL", "SO2 classification\n" IN "m disk_mask\nc r2conv out=2x f1 + 2x triv k=5\nf flatten\nout mlp_head out=3\n", "SO2 classification\n" IN "m disk_mask\nc r2conv out=2x triv k=5\nav global_avg\nf flatten\nout mlp_head out=3\n", 1 },
  { "I-NO-MIX", "C4\n" IN "c r2conv_1x1 out=2x triv + 1x f1\n" OUT, "C4\n" IN "c r2conv_1x1 out=2x triv + 1x reg\n" OUT, 1 },
  { "I-NO-MIX", "C4\n" IN "c r2conv_1x1 out=2x triv + 1x f1\n" OUT, "C4\n" IN "c r2conv out=2x triv + 1x f1 k=3\n" OUT, 1 },
  { "I-GUARANTEE-LOWERED", "C8\n" IN "c r2conv out=2x reg k=5\n" OUT, "C4\n" IN "c r2conv out=2x reg k=5\n" OUT, 0 },
  { "I-GUARANTEE-LOWERED", "C4\n" IN "c r2conv out=2x reg k=3\nr restrict group=C2\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\nr restrict group=C4\n" OUT, 0 },

  /* 3.2 Activations, normalisation, bias */
  { "E-RELU-ON-VECTOR", "C4\n" IN "c r2conv out=4x f1 + 2x triv k=3\na relu_pw\n" OUT, "C4\n" IN "c r2conv out=4x reg + 2x triv k=3\na relu_pw\n" OUT, 3 },
  { "E-RELU-ON-VECTOR", "SO2\n" IN "m disk_mask\nc r2conv out=4xf0+2xf1 k=5\na elu_pw\n" OUT, "SO2\n" IN "m disk_mask\nc r2conv out=4xf0+2xf1+2xf0 k=5\na gate\n" OUT, 2 },
  { "E-RELU-ON-VECTOR", "C4\n" IN "c r2conv out=4x f1 k=3\na tanh_pw\n" OUT, "C2\n" IN "c r2conv out=4x f1 k=3\na tanh_pw\n" OUT, 3 },
  { "E-ODD-SCALAR-ACT", "C2\n" IN "c r2conv out=4x f1 k=3\na relu_pw\n" OUT, "C2\n" IN "c r2conv out=4x f1 k=3\na tanh_pw\n" OUT, 2 },
  { "E-ODD-SCALAR-ACT", "D4\n" IN "c r2conv out=2x triv + 4x (1,0) k=5\na silu_pw\n" OUT, "D4\n" IN "c r2conv out=2x triv + 4x D4/C4 k=5\na silu_pw\n" OUT, 1 },
  { "E-GATE-COUNT", "C4\n" IN "c r2conv out=3x f1 + 2x triv k=3\ng gate\n" OUT, "C4\n" IN "c r2conv out=3x f1 + 3x triv k=3\ng gate\n" OUT, 1 },
  { "E-GATE-COUNT", "C4\n" IN "c r2conv out=3x f1 k=3\nd r2conv out=2x triv k=3 < in\ng gate < c d >gates\n" OUT, "C4\n" IN "c r2conv out=3x f1 k=3\nd r2conv out=3x triv k=3 < in\ng gate < c d >gates\n" OUT, 1 },
  { "E-GATE-NONSCALAR", "C4\n" IN "c r2conv out=3x f1 k=3\nd r2conv out=3x f1 k=3 < in\ng gate < c d >gates\n" OUT, "C4\n" IN "c r2conv out=3x f1 k=3\nd r2conv out=3x triv k=3 < in\ng gate < c d >gates\n" OUT, 1 },
  { "E-BN-COMPONENT", "C4\n" IN "c r2conv out=2x reg k=3\nn batchnorm_plain\n" OUT, "C4\n" IN "c r2conv out=2x triv k=3\nn batchnorm_plain\n" OUT, 1 },
  { "E-BN-COMPONENT", "SO2\n" IN "m disk_mask\nc r2conv out=2x f1 k=5\nn batchnorm_plain\n" OUT, "SO2\n" IN "m disk_mask\nc r2conv out=2x triv k=5\nn batchnorm_plain\n" OUT, 2 },
  { "E-INNERBN-IRREP", "C4\n" IN "c r2conv out=2x f1 + 1x triv k=3\nn inner_bn\n" OUT, "C4\n" IN "c r2conv out=2x reg + 1x triv k=3\nn inner_bn\n" OUT, 1 },
  { "E-DROPOUT-COMPONENT", "C4\n" IN "c r2conv out=2x f1 k=3\nd dropout_plain\n" OUT, "C4\n" IN "c r2conv out=2x triv k=3\nd dropout_plain\n" OUT, 1 },
  { "E-SOFTMAX-IRREP", "C4\n" IN "c r2conv out=2x f1 k=3\ns softmax_channels\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\ns softmax_channels\n" OUT, 1 },
  { "W-NORM-GRAD", "C4\n" IN "c r2conv out=2x f1 k=3\np norm_pool eps=0\n" OUT, "C4\n" IN "c r2conv out=2x f1 k=3\np norm_pool\n" OUT, 2 },
  { "W-NORM-RELU-DEAD", "C4\n" IN "c r2conv out=2x f1 k=3\na norm_act beta=1\n" OUT, "C4\n" IN "c r2conv out=2x f1 k=3\na norm_act beta=-2\n" OUT, 1 },
  { "W-NORM-SCALAR", "C4\n" IN "c r2conv out=2x triv k=3\na norm_act\n" OUT, "C4\n" IN "c r2conv out=2x triv + 1x f1 k=3\na norm_act\n" OUT, 1 },
  { "W-NORM-JUMP", "C4\n" IN "c r2conv out=2x f1 k=3\na norm_act act=softplus\n" OUT, "C4\n" IN "c r2conv out=2x f1 k=3\na norm_act act=squash\n" OUT, 1 },
  { "W-NORM-JUMP", "C4\n" IN "c r2conv out=2x f1 k=3\na norm_act act=sigmoid\n" OUT, "C2\n" IN "c r2conv out=2x f1 k=3\na norm_act act=sigmoid\n" OUT, 1 },
  { "W-FIELDNORM-TRIV", "C4\n" IN "c r2conv out=2x triv + 2x f1 k=3\nn field_norm\n" OUT, "C4\n" IN "c r2conv out=2x f1 k=3\nn field_norm\n" OUT, 2 },
  { "I-BN-SMALL-BATCH", "C4 batch=4\n" IN "c r2conv out=2x reg k=3\nn inner_bn\n" OUT, "C4 batch=8\n" IN "c r2conv out=2x reg k=3\nn inner_bn\n" OUT, 1 },
  { "I-GATE-BEFORE-BN", "C4\n" IN "c r2conv out=3x f1 + 5x triv k=3\nn iid_bn\ng gate\n" OUT, "C4\n" IN "c r2conv out=3x f1 + 5x triv k=3\ng gate\nn iid_bn\n" OUT, 1 },
  { "W-NO-NORM", "C4\n" IN "a r2conv out=2x reg k=3\nb r2conv out=3x reg k=3\nc r2conv out=2x reg k=3\nd r2conv out=3x reg k=3\ne r2conv out=2x reg k=3\nf r2conv out=3x reg k=3\n" OUT,
    "C4\n" IN "a r2conv out=2x reg k=3\nb r2conv out=3x reg k=3\nc r2conv out=2x reg k=3\nd r2conv out=3x reg k=3\ne r2conv out=2x reg k=3\n" OUT, 1 },
  { "W-NO-NORM", "SO2\n" IN "m disk_mask\na r2conv out=2xf0+2xf1 k=5\nb r2conv out=2xf0+3xf1 k=5\nc r2conv out=2xf0+2xf1 k=5\nd r2conv out=2xf0+3xf1 k=5\ne r2conv out=2xf0+2xf1 k=5\nf r2conv out=2xf0+3xf1 k=5\n" OUT,
    "SO2\n" IN "m disk_mask\na r2conv out=2xf0+2xf1 k=5\nb r2conv out=2xf0+3xf1 k=5\nn iid_bn\nc r2conv out=2xf0+2xf1 k=5\nd r2conv out=2xf0+3xf1 k=5\ne r2conv out=2xf0+2xf1 k=5\nf r2conv out=2xf0+3xf1 k=5\n" OUT, 1 },
  { "W-NO-RESIDUAL", "C4\n" IN "z r2conv out=2x reg k=3\nn inner_bn\na r2conv out=2x reg k=3\nb r2conv out=2x reg k=3\nc r2conv out=2x reg k=3\nd r2conv out=2x reg k=3\ne r2conv out=2x reg k=3\nf r2conv out=2x reg k=3\n" OUT,
    "C4\n" IN "z r2conv out=2x reg k=3\nn inner_bn\na r2conv out=2x reg k=3\nb r2conv out=2x reg k=3\nc r2conv out=2x reg k=3\nd r2conv out=2x reg k=3\ne r2conv out=2x reg k=3\nf r2conv out=2x reg k=3\ng add < f d\n" OUT, 1 },

  /* 3.3 Planar grids */
  { "E-PLAIN-CONV", "C4\n" IN "c conv2d_plain out=8x triv k=3\n" OUT, "C4\n" IN "c conv2d_plain out=8x triv k=1\n" OUT, 1 },
  { "E-PLAIN-CONV", "SO2\n" IN "m disk_mask\nc conv2d_plain out=8x triv k=5\n" OUT, "triv\n" IN "m disk_mask\nc conv2d_plain out=8x triv k=5\n" OUT, 1 },
  { "W-RELAXED", "C4\n" IN "c r2conv out=2x reg k=3 relax=0.1\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\n" OUT, 1 },
  { "W-RELAXED", "C4\n" IN "c lift_conv out=2 k=3 relax=1\n" OUT, "triv\n" IN "c lift_conv out=2 k=3 relax=1\n" OUT, 1 },
  { "W-RELAXED", "D4\n" IN "c r2conv_1x1 out=2x reg relax=0.5\n" OUT, "D4\n" IN "c r2conv_1x1 out=2x reg\n" OUT, 1 },
  { "W-RELAXED", "C4\n" IN "c r2conv_transposed out=2x reg k=3 relax=0.5\n" OUT, "C4\n" IN "c r2conv_transposed out=2x reg k=3\n" OUT, 1 },
  { "W-RELAXED", "C4\n" IN "c r2conv out=2x reg k=3\nd group_conv out=2 k=3 relax=0.5\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\nd group_conv out=2 k=3\n" OUT, 1 },
  { "E-GRID-GROUP", "C8\n" IN "c lift_conv out=2 k=5\n" OUT, "C4\n" IN "c lift_conv out=2 k=5\n" OUT, 1 },
  { "E-GRID-GROUP", "C8\n" IN "c r2conv out=2x reg k=5\nd group_conv out=2 k=5\n" OUT, "C4\n" IN "c r2conv out=2x reg k=5\nd group_conv out=2 k=5\n" OUT, 1 },
  { "E-GRID-GROUP", "SO2\n" IN "m disk_mask\nc lift_conv out=2 k=5\n" OUT, "D4\n" IN "m disk_mask\nc lift_conv out=2 k=5\n" OUT, 1 },
  { "E-EMPTY-BASIS", "C4\n" IN "c r2conv out=2x f1 k=1\n" OUT, "C4\n" IN "c r2conv out=2x f1 k=3\n" OUT, 1 },
  { "E-EMPTY-BASIS", "SO2\n" IN "m disk_mask\nc r2conv out=2x f3 k=3\n" OUT, "SO2\n" IN "m disk_mask\nc r2conv out=2x f3 k=9\n" OUT, 1 },
  { "E-EMPTY-BASIS", "C4\n" IN "c r2conv_1x1 out=2x f1\n" OUT, "C4\n" IN "c r2conv_1x1 out=2x triv\n" OUT, 1 },
  { "E-GROUPS-TYPE", "C4\n" IN "c r2conv out=2x f1 + 2x triv k=3\nd r2conv out=2x reg k=3 groups=2\n" OUT, "C4\n" IN "c r2conv out=4x f1 k=3\nd r2conv out=2x reg k=3 groups=2\n" OUT, 1 },
  { "E-GROUPS-TYPE", "C4\n" IN "c r2conv out=1x f1 + 1x triv + 1x f1 + 1x triv k=3\nd depthwise_r2conv out=2x reg k=3\n" OUT, "C4\n" IN "c r2conv out=2x f1 k=3\nd depthwise_r2conv out=2x reg k=3\n" OUT, 0 },
  { "E-PW-ON-IRREP", "C4\n" IN "c r2conv out=2x f1 k=3\np maxpool_pw k=3 stride=2\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\np maxpool_pw k=3 stride=2\n" OUT, 1 },
  { "E-PW-ON-IRREP", "C4\n" IN "c r2conv out=2x f1 k=3\np maxpool_aa k=3 stride=2\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\np maxpool_aa k=3 stride=2\n" OUT, 1 },
  { "E-GPOOL-TYPE", "C4\n" IN "c r2conv out=2x f1 k=3\np group_pool\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\np group_pool\n" OUT, 1 },
  { "E-COORDCONV", "C4\n" IN "p coord_map mode=radius\nc r2conv out=2x reg k=3\n" OUT, "C4 flat\n" IN "p coord_map mode=radius\nc r2conv out=2x reg k=3\n" OUT, 1 },
  { "E-COORDCONV", "C4 flat\n" IN "p coord_map mode=xy\nc r2conv out=2x reg k=3\n" OUT, "C4 flat\n" IN "p coord_map mode=vector\nc r2conv out=2x reg k=3\n" OUT, 2 },
  { "E-SEG-POOLED", "C4 segmentation\n" IN "c r2conv out=2x reg k=3\nav global_avg\nout segmentation_head_grid out=3\n", "C4 segmentation\n" IN "c r2conv out=2x reg k=3\nout segmentation_head_grid out=3\n", 1 },
  /* Another size upstream mends W-EVEN-STRIDE-GRID. One branch needs odd sizes here and the other even ones: that is for the layer to mend. */
  { "W-STRIDE-ASYM", "C4\n" IN BRANCHES ("k=2 stride=2") OUT, "C4\n" IN BRANCHES ("k=3 stride=2") OUT, 1 },
  { "W-EVEN-STRIDE-GRID", "C4\n" IN "c r2conv out=2x reg k=3 pad=1\nz resize height=8 width=8\nd r2conv out=2x reg k=3 stride=2\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3 pad=1\nz resize height=9 width=9\nd r2conv out=2x reg k=3 stride=2\n" OUT, 1 },
  { "W-EVEN-STRIDE-GRID", "C4\n" IN "c r2conv out=2x reg k=3 pad=1\nz resize height=9 width=9\nd maxpool_pw k=2 stride=2\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3 pad=1\nz resize height=8 width=8\nd maxpool_pw k=2 stride=2\n" OUT, 1 },
  { "W-EVEN-STRIDE-GRID", "C4\nin input_image height=30 width=30\nc r2conv out=2x reg k=3 stride=2\nd r2conv out=2x reg k=3 stride=2\n" OUT, "C4\nin input_image height=33 width=33\nc r2conv out=2x reg k=3 stride=2\nd r2conv out=2x reg k=3 stride=2\n" OUT, 1 },
  { "W-EVEN-STRIDE-GRID", "D4\nin input_image height=29 width=29\nc r2conv out=2x reg k=3\nd maxpool_pw\n" OUT, "D4\nin input_image height=28 width=28\nc r2conv out=2x reg k=3\nd maxpool_pw\n" OUT, 1 },
  { "W-PAD-ASYM", "C4\n" IN "p pad pad=1 left=2\nc r2conv out=2x reg k=3\n" OUT, "C4\n" IN "p pad pad=1\nc r2conv out=2x reg k=3\n" OUT, 1 },
  { "W-PAD-ASYM", "C4\n" IN "p crop crop=1 top=0\nc r2conv out=2x reg k=3\n" OUT, "C4\n" IN "p crop crop=1\nc r2conv out=2x reg k=3\n" OUT, 1 },
  { "W-PAD-ASYM", "C4\n" IN "c r2conv out=2x reg k=3\nt r2conv_transposed out=2x reg k=3 stride=2 output_pad=1\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\nt r2conv_transposed out=2x reg k=3 stride=2 output_pad=0\n" OUT, 1 },
  { "W-RECT-IMAGE", "C4\nin input_image height=9 width=11\nc r2conv out=2x reg k=3\n" OUT, "C2\nin input_image height=9 width=11\nc r2conv out=2x reg k=3\n" OUT, 1 },
  { "W-STRIDE-ALIAS", "C8\n" IN "c r2conv out=2x reg k=5 stride=2\n" OUT, "C4\n" IN "c r2conv out=2x reg k=5 stride=2\n" OUT, 1 },
  { "W-STRIDE-ALIAS", "C8\n" IN "c r2conv out=2x reg k=5\np maxpool_pw k=3 stride=2 pad=1\n" OUT, "C8\n" IN "c r2conv out=2x reg k=5\np maxpool_aa k=3 stride=2 pad=1\n" OUT, 1 },
  { "W-NEAREST", "C4\n" IN "c r2conv out=2x reg k=3\nu upsample rule=size size=17 mode=nearest\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\nu upsample mode=nearest\n" OUT, 1 },
  { "W-NEAREST", "C8\n" IN "c r2conv out=2x reg k=5\nu upsample mode=nearest\n" OUT, "C8\n" IN "c r2conv out=2x reg k=5\nu upsample\n" OUT, 1 },
  { "W-NEAREST", "C4\n" IN "c r2conv out=2x reg k=3\nu resize height=17 width=17 mode=nearest\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\nu resize height=14 width=14\n" OUT, 1 },
  { "W-ANISO-SCALE", "C4\n" IN "c r2conv out=2x reg k=3\nu resize height=14 width=12\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\nu resize height=14 width=14\n" OUT, 1 },
  { "W-CHECKERBOARD", "C4\n" IN "c r2conv out=2x reg k=3\nt r2conv_transposed out=2x reg k=3 stride=2\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\nt r2conv_transposed out=2x reg k=3\n" OUT, 1 },
  { "W-K2", "C4\n" IN "c r2conv out=2x reg k=2 sigma=0.6\n" OUT, "C4\n" IN "c r2conv out=2x reg k=4\n" OUT, 1 },
  { "W-FREQ-KERNEL", "SO2\n" IN "m disk_mask\nc r2conv out=1xf0+1xf3+1xf4+1xf5 k=3\n" OUT, "SO2\n" IN "m disk_mask\nc r2conv out=1xf0+1xf1 k=3\n" OUT, 1 },
  { "W-ZERO-PAD-LEAK", "SO2\n" IN "c r2conv out=2xf0+2xf1 k=5\n" OUT, "SO2\n" IN "m disk_mask\nc r2conv out=2xf0+2xf1 k=5\n" OUT, 1 },
  { "W-ZERO-PAD-LEAK", "O2\n" IN "c r2conv out=2x triv k=5\n" OUT, "O2\n" IN "c r2conv out=2x triv k=5 pad=0\n" OUT, 1 },
  { "W-MAX-IRREP", "C4\n" IN "c r2conv out=2x f1 k=3\np global_avg mode=max\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\np global_avg mode=max\n" OUT, 1 },
  { "W-VECTOR-CHANNELS-TRIV", "C4\nin input_image height=9 width=9 channels=2 names=vx,vy\nc r2conv out=2x reg k=3\n" OUT, "C4\nin input_image height=9 width=9 channels=2 names=red,green\nc r2conv out=2x reg k=3\n" OUT, 1 },
  { "W-VECTOR-CHANNELS-TRIV", "D4\nin input_image height=9 width=9 channels=2 names=u,v\nc r2conv out=2x reg k=3\n" OUT, "D4\nin input_image height=9 width=9 channels=2 names=u,v fields=1x f1\nc r2conv out=2x reg k=3\n" OUT, 1 },
  { "W-SEG-SIZE", "C4 segmentation\n" IN "c r2conv out=2x reg k=3 stride=2\nout segmentation_head_grid out=3 interpolate=off\n", "C4 segmentation\n" IN "c r2conv out=2x reg k=3\nout segmentation_head_grid out=3 interpolate=off\n", 1 },
  { "I-EARLY-GPOOL", "C4 classification\n" IN "c r2conv out=2x reg k=5\np group_pool\nd r2conv out=2x triv k=3\ne r2conv out=2x triv k=3\nav global_avg\nout mlp_head out=3\n",
    "C4 classification\n" IN "c r2conv out=2x reg k=5\nd r2conv out=2x triv k=3\ne r2conv out=2x reg k=3\np group_pool\nav global_avg\nout mlp_head out=3\n", 1 },
  { "I-MASK-MISSING", "SO2\n" IN "c r2conv out=2xf0+2xf1 k=5 pad=0\n" OUT, "SO2\n" IN "m disk_mask\nc r2conv out=2xf0+2xf1 k=5 pad=0\n" OUT, 1 },
  { "I-TIES", "C4\n" IN "c r2conv out=2x f1 k=3\np normmaxpool k=3\n" OUT, "C4\n" IN "c r2conv out=2x f1 k=3\np avgpool k=3\n" OUT, 0 },
  { "W-VF-DISCONT", "C4\n" IN "c r2conv out=2x reg k=3\na vector_field_act\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\na relu_pw\n" OUT, 0 },

  /* 3.7 Specification and process */
  { "E-MLP-ON-IRREP", "C4 classification\n" IN "c r2conv out=2x reg k=5\nav global_avg\nout mlp_head out=3\n", "C4 classification\n" IN "c r2conv out=2x triv k=5\nav global_avg\nout mlp_head out=3\n", 1 },
  { "E-MLP-ON-IRREP", "SO2 classification\n" IN "m disk_mask\nc r2conv out=2xf0+2xf1 k=5\nav global_avg\nout softmax_classifier\n", "SO2 classification\n" IN "m disk_mask\nc r2conv out=2xf0 k=5\nav global_avg\nout softmax_classifier\n", 2 },
  { "E-MLP-ON-IRREP", "C4 regression\n" IN "c r2conv out=2x f1 k=5\nav global_avg\nout regression_head\n", "C4 regression\n" IN "c r2conv out=2x triv k=5\nav global_avg\nout regression_head\n", 1 },
  { "E-LOSS-NONINV", "C8 regression equivariant loss:huber\n" IN "c r2conv out=2x f1 k=5\nav global_avg\nout field_output\n", "C4 regression equivariant loss:huber\n" IN "c r2conv out=2x f1 k=5\nav global_avg\nout field_output\n", 1 },
  { "E-LOSS-NONINV", "SO2 regression equivariant loss:mae\n" IN "m disk_mask\nc r2conv out=2x f1 k=5\nav global_avg\nout field_output\n", "SO2 regression equivariant loss:mse\n" IN "m disk_mask\nc r2conv out=2x f1 k=5\nav global_avg\nout field_output\n", 1 },
  { "W-OVERCONSTRAIN", "D4 q8:not-mirrors q2:invariant\n" IN "c r2conv out=2x reg k=5\n" OUT, "C4 q8:not-mirrors q2:invariant\n" IN "c r2conv out=2x reg k=5\n" OUT, 1 },
  { "W-OVERCONSTRAIN", "C4 q6:up q2:invariant\n" IN "c r2conv out=2x reg k=5\n" OUT, "triv q6:up q2:invariant\n" IN "c r2conv out=2x reg k=5\n" OUT, 1 },
  { "W-OVERCONSTRAIN", "D4 q8:not-turns q2:invariant\n" IN "c r2conv out=2x reg k=5\n" OUT, "D1@axis=90 q8:not-turns q2:invariant\n" IN "c r2conv out=2x reg k=5\n" OUT, 1 },
  { "I-UNDER", "C4 q9:mirror-equal q2:invariant\n" IN "c r2conv out=2x reg k=5\n" OUT, "D4 q9:mirror-equal q2:invariant\n" IN "c r2conv out=2x reg k=5\n" OUT, 1 },
  { "I-DATA-VS-LABEL", "C4 q1:C4\n" IN "c r2conv out=2x reg k=5\n" OUT, "C4 q1:C4 q10:stays\n" IN "c r2conv out=2x reg k=5\n" OUT, 0 },
  { "I-AUGMENT", "C8\n" IN "c r2conv out=2x reg k=5\n" OUT, "C4\n" IN "c r2conv out=2x reg k=5\n" OUT, 1 },
  { "I-AUGMENT", "C8 plan:augment=jitter\n" IN "c r2conv out=2x reg k=5\n" OUT, "C8 plan:augment=group\n" IN "c r2conv out=2x reg k=5\n" OUT, 1 },
  { "W-DEPTH-RECEPTIVE", "C4 classification\nin input_image height=29 width=29\nc r2conv out=2x reg k=3\n" CLASSIFY, "C4 classification\nin input_image height=29 width=29\nc r2conv out=2x reg k=15\n" CLASSIFY, 1 },
  { "W-DEPTH-RECEPTIVE", "C4 classification\nin input_image height=29 width=29\nb r2conv out=2x reg k=3 stride=2\nc r2conv out=2x reg k=3 pad=0\na relu_pw\n" CLASSIFY, "C4 classification\nin input_image height=29 width=29\nb r2conv out=2x reg k=5 stride=2\nc r2conv out=2x reg k=7 pad=0\na relu_pw\n" CLASSIFY, 1 },
  { "W-BUDGET", "C4 max_parameters=1\n" IN "c r2conv out=2x reg k=3\n" OUT, "C4 max_parameters=1000\n" IN "c r2conv out=2x reg k=3\n" OUT, 0 },
  { "W-BUDGET", "C4 max_parameters=200 classification\n" IN "c r2conv out=20x reg k=3\nd r2conv out=20x reg k=3\ng r2conv out=5x reg k=3\n" CLASSIFY, "C4 max_parameters=20000 classification\n" IN "c r2conv out=20x reg k=3\nd r2conv out=20x reg k=3\ng r2conv out=5x reg k=3\n" CLASSIFY, 1 },
  { "W-BUDGET", "C4 max_macs=400000\n" IN "c r2conv out=20x reg + 4x f1 k=3\nd r2conv out=20x reg k=3\ne r2conv out=1x reg k=3\n" OUT, "C4 max_macs=2e8\n" IN "c r2conv out=20x reg + 4x f1 k=3\nd r2conv out=20x reg k=3\ne r2conv out=1x reg k=3\n" OUT, 1 },

  /* Mistakes that are no lint of the catalogue */
  { "E-SETTING", "C4\n" IN "c r2conv out=2x reg k=99\n" OUT, "C4\n" IN "c r2conv out=2x reg k=9\n" OUT, 0 },
  { "E-LAYER-GROUP", "O3\n" IN OUT, "D4\n" IN OUT, 0 },
  { "E-TYPE-MISMATCH", "D4\n" IN "c r2conv out=2x reg k=3\na vector_field_act\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\na vector_field_act\n" OUT, 0 },
  { "E-LAYER-GROUP", "O3\n" IN OUT, "C8\n" IN "r restrict group=C4\nl lift_conv out=2\n" OUT, 0 },
  { "E-LAYER-UNKNOWN", "C4\n" IN "c r2conv out=2x reg k=3\na relu_of_tomorrow\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\na relu_pw\n" OUT, 0 },
  { "E-LAYER-UNKNOWN", "C4\n" IN "c r2conf out=2x reg k=3\na relu_pw\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3\na relu_pw\n" OUT, 1 },
  { "E-LINK", "C4\n" IN "c r2conv out=2x reg k=3 < in >none\n" OUT, "C4\n" IN "c r2conv out=2x reg k=3 < in >x\n" OUT, 0 },
  { "E-PLAN", "C4 plan:epochs=-3\n" IN OUT, "C4 plan:epochs=3\n" IN OUT, 1 },
  { "E-PLAN", "C4 plan:lr=0\n" IN OUT, "C4 plan:lr=0.1\n" IN OUT, 1 },
  { "E-PLAN", "C4 plan:lr=fast\n" IN OUT, "C4 plan:lr=1e-5\n" IN OUT, 1 },
  { "E-PLAN", "C4 plan:batch=2.5\n" IN OUT, "C4 plan:batch=2\n" IN OUT, 1 },
  { "E-PLAN", "C4 plan:schedule=slowly\n" IN OUT, "C4 plan:schedule=step\n" IN OUT, 1 },
  { "E-PLAN", "C4 plan:augment=Q8\n" IN OUT, "C4 plan:augment=C6\n" IN OUT, 1 },
  { "E-PLAN", "C4 plan:weight_energy=-1\n" IN OUT, "C4 plan:weight_energy=0\n" IN OUT, 1 },
  { "E-PLAN", "C4 plan:average=1\n" IN OUT, "C4 plan:average=0.99\n" IN OUT, 1 },
  { "E-PLAN", "C4 plan:optimizer=7\n" IN OUT, "C4 plan:optimizer=sgd\n" IN OUT, 1 },
  { "E-PLAN", "C4 plan:norm_samples=-1\n" IN OUT, "C4 plan:norm_samples=0\n" IN OUT, 1 },
  { "W-PLAN-UNKNOWN", "C4 plan:epoch=5\n" IN OUT, "C4 plan:epochs=5\n" IN OUT, 1 },
  { "W-PLAN-UNKNOWN", "C4 plan:colour=5\n" IN OUT, "C4 plan:weight_colour=5\n" IN OUT, 0 },
  { "E-GROUP-UNKNOWN", "Q8\n" IN OUT, "C4\n" IN OUT, 0 },

  /* 3.5 Points */
  { "W-LMAX-COST", "O3\n" POINTS ("4") FIRST ("4x0e + 2x1o") SCORES, "O3\n" POINTS ("3") FIRST ("4x0e + 2x1o") SCORES, 1 },
  { "W-NEQUIP-UNREACH", "O3\n" POINTS ("2") FIRST ("4x0e + 2x1o") SECOND ("4x0e + 2x4e") SCORES, "O3\n" POINTS ("2") FIRST ("4x0e + 2x1o") SECOND ("4x0e + 2x3o") SCORES, 0 },
  { "W-NEQUIP-UNREACH", "O3\n" POINTS ("2") FIRST ("4x0e + 2x0o") SCORES, "O3\n" POINTS ("2") FIRST ("4x0e + 2x0o") SECOND ("4x0e") SCORES, 0 },
  { "E-MAX-IRREP", "O3\n" POINTS ("2") FIRST ("4x0e + 2x1o") "p global_pool pool=max\nq extract_scalars\nout mlp_head out=3\n", "O3\n" POINTS ("2") FIRST ("4x0e + 2x1o") "q extract_scalars\np global_pool pool=max\nout mlp_head out=3\n", 1 },
  { "I-CHIRAL", "O3\n" POINTS ("2") FIRST ("4x0e + 4x1o") SECOND ("4x0e + 4x1o + 4x1e") "e tfn_conv out=4x0e+2x0o gates=off < d h >harmonics r >radial\np global_pool pool=mean\nout chiral_classifier\n",
    "O3\n" POINTS ("2") FIRST ("4x0e + 4x1o") SECOND ("4x0e + 4x1o + 4x1e") "e tfn_conv out=4x0e+2x0o gates=off < d h >harmonics r >radial\nq extract_scalars\np global_pool pool=mean\nout mlp_head out=3\n", 0 },
  { "W-NO-CUTOFF", "E3\n" ATOMS "n radius_graph < in.positions >positions\nr radial_basis envelope=none < n.length >length\nc schnet_cfconv < s r >radial\n" SCORES,
    "E3\n" ATOMS "n radius_graph < in.positions >positions\nr radial_basis envelope=none < n.length >length\nc schnet_cfconv < s r >radial n.length >length\n" SCORES, 1 },
  { "E-CUTOFF-MISMATCH", "E3\n" ATOMS "n radius_graph cutoff=4 < in.positions >positions\nr radial_basis cutoff=4 < n.length >length\nc schnet_cfconv < s r >radial n.length >length\n" SCORES,
    "E3\n" ATOMS "n radius_graph cutoff=4 < in.positions >positions\nr radial_basis cutoff=4 < n.length >length\nc schnet_cfconv cutoff=4 < s r >radial n.length >length\n" SCORES, 1 },
  { "W-KNN-FORCES", "E3\n" ATOMS "n knn_graph < in.positions >positions\nr radial_basis < n.length >length\nc schnet_cfconv < s r >radial n.length >length\ne energy_readout species=3 < c in.species >species\n", "E3\n" ATOMS "n radius_graph < in.positions >positions\nr radial_basis < n.length >length\nc schnet_cfconv < s r >radial n.length >length\ne energy_readout species=3 < c in.species >species\n", 1 },
  { "E-FORCES-NONSMOOTH", "E3\n" ATOMS "n knn_graph < in.positions >positions\nr radial_basis < n.length >length\nc schnet_cfconv < s r >radial n.length >length\ne energy_readout species=3 < c in.species >species\nf forces_from_energy < e.energy >energy in.positions >positions\n", "E3\n" ATOMS "n radius_graph < in.positions >positions\nr radial_basis < n.length >length\nc schnet_cfconv < s r >radial n.length >length\ne energy_readout species=3 < c in.species >species\nf forces_from_energy < e.energy >energy in.positions >positions\n", 1 },
  { "W-MAX-NEIGH", "E3\n" ATOMS "n radius_graph max_neighbours=6 < in.positions >positions\nr radial_basis < n.length >length\nc schnet_cfconv < s r >radial n.length >length\n" SCORES, "E3\n" ATOMS "n radius_graph < in.positions >positions\nr radial_basis < n.length >length\nc schnet_cfconv < s r >radial n.length >length\n" SCORES, 1 },
  { "E-FORCES-NONSMOOTH", "E3\n" ATOMS "n radius_graph max_neighbours=6 < in.positions >positions\nr radial_basis < n.length >length\nc schnet_cfconv < s r >radial n.length >length\ne energy_readout species=3 < c in.species >species\nf forces_from_energy < e.energy >energy in.positions >positions\n", "E3\n" ATOMS "n radius_graph < in.positions >positions\nr radial_basis < n.length >length\nc schnet_cfconv < s r >radial n.length >length\ne energy_readout species=3 < c in.species >species\nf forces_from_energy < e.energy >energy in.positions >positions\n", 1 },
  { "I-INVARIANT-ONLY", "E3\n" ATOMS "n radius_graph < in.positions >positions\nr radial_basis < n.length >length\nc schnet_cfconv < s r >radial\n" SCORES, "O3\n" POINTS ("2") FIRST ("4x0e + 2x1o") SCORES, 0 },
  { "W-POLY-GROWTH", "SO3\nin input_points\nc center_coords < in.positions >positions\na tensor_square out=2x0+2x2 < c\nb tensor_square out=1x0\np global_pool pool=mean\nout mlp_head out=3\n",
    "SO3\nin input_points\nc center_coords < in.positions >positions\na tensor_square out=1x0 < c\np global_pool pool=mean\nout mlp_head out=3\n", 0 },
  { "I-PATH-VANISH", "O3\n" POINTS ("2") FIRST ("4x0e + 1x1o + 2x2e") "a tensor_square out=2x0e+1x1e < c\nq extract_scalars\np global_pool pool=mean\nout mlp_head out=3\n",
    "O3\n" POINTS ("2") FIRST ("4x0e + 2x1o + 2x2e") "a tensor_square out=2x0e+1x1e < c\nq extract_scalars\np global_pool pool=mean\nout mlp_head out=3\n", 0 },
  { "E-MUL-NONSCALAR", "O3\n" POINTS ("2") FIRST ("4x0e + 2x1o") "m multiply_by_scalar < c c >scalar\nq extract_scalars\np global_pool pool=mean\nout mlp_head out=3\n",
    "O3\n" POINTS ("2") FIRST ("4x0e + 2x1o") "m tensor_product < c c >scalar\nq extract_scalars\np global_pool pool=mean\nout mlp_head out=3\n", 1 },
  { "W-RADIAL-BIAS", "O3\n" POINTS ("1") "w radial_mlp hidden=[4] out=2 bias=on < r >radial\nu tp_uvu < s h >harmonics w >weights\n" SCORES,
    "O3\n" POINTS ("1") "w radial_mlp hidden=[4] out=2 < r >radial\nu tp_uvu < s h >harmonics w >weights\n" SCORES, 1 },
  { "E-QK-IRREPS", "O3\n" POINTS ("2") "a se3_attention out=4x1o gates=off heads=1 cutoff=1.5 < s h >harmonics r >radial n.length >length\nnp norm_pool\n" SCORES,
    "O3\n" POINTS ("2") "a se3_attention out=4x0e+4x1o gates=off heads=1 cutoff=1.5 < s h >harmonics r >radial n.length >length\nnp norm_pool\n" SCORES, 1 },
  { "W-ATT-CUTOFF", "O3\n" POINTS ("2") "a se3_attention out=4x0e+2x1o gates=off heads=1 < s h >harmonics r >radial\n" SCORES,
    "O3\n" POINTS ("2") "a se3_attention out=4x0e+2x1o gates=off heads=1 cutoff=1.5 < s h >harmonics r >radial n.length >length\n" SCORES, 0 },
  { "W-S2-RES", "O3\n" POINTS ("2") FIRST ("4x0e + 4x1o + 4x2e") "a s2_act rings=4 < c\nq extract_scalars\np global_pool pool=mean\nout mlp_head out=3\n", "O3\n" POINTS ("2") FIRST ("4x0e + 4x1o + 4x2e") "a s2_act < c\nq extract_scalars\np global_pool pool=mean\nout mlp_head out=3\n", 1 },
  { "E-S2-RES", "O3\n" POINTS ("2") FIRST ("4x0e + 4x1o + 4x2e") "a s2_act rings=2 < c\nq extract_scalars\np global_pool pool=mean\nout mlp_head out=3\n", "O3\n" POINTS ("2") FIRST ("4x0e + 4x1o + 4x2e") "a s2_act < c\nq extract_scalars\np global_pool pool=mean\nout mlp_head out=3\n", 1 },
  { "W-EGNN-DRIFT", "E3\n" BODIES "l egnn_layer hidden=4 pool=sum < s in.positions >positions p.length >edges\n" NEXT, "E3\n" BODIES "l egnn_layer hidden=4 pool=sum tanh=on < s in.positions >positions p.length >edges\n" NEXT, 1 },
  { "W-DIFFUSION-COM", "E3\n" BODIES "l egnn_layer hidden=4 < s in.positions >positions p.length >edges\nout denoise_step species=1 centre=off < l.velocities >steps l.y >x\n",
    "E3\n" BODIES "l egnn_layer hidden=4 < s in.positions >positions p.length >edges\nout denoise_step species=1 < l.velocities >steps l.y >x\n", 1 },
  { "I-EGNN-SCALAR", "E3\n" BODIES "l egnn_layer hidden=4 < s in.positions >positions p.length >edges\n" NEXT, "O3\n" POINTS ("2") FIRST ("4x0e + 2x1o") SCORES, 0 },
  { "W-QUADRATIC", "E3 N=80\n" BODIES "l egnn_layer hidden=4 < s in.positions >positions p.length >edges\n" NEXT, "E3 N=60\n" BODIES "l egnn_layer hidden=4 < s in.positions >positions p.length >edges\n" NEXT, 1 },
  { "I-CENTER-OUTLIER", "SO3\nin input_points\nc center_coords < in.positions >positions\nout direct_vector_head out=1x1 of=node < c\n", "SO3\nin input_points\nout nbody_output < in.positions >positions\n", 0 },
  { "E-POSE-O3", "O3\nin input_points\nc center_coords < in.positions >positions\nl irreps_linear out=2x1o < c\np global_pool pool=mean\nout pose_rot6d\n",
    "SO3\nin input_points\nc center_coords < in.positions >positions\nl irreps_linear out=2x1 < c\np global_pool pool=mean\nout pose_rot6d\n", 1 },
  { "E-VECTOR-FROM-INVARIANT", "SO3\nin input_points species=3\ns species_embed species=3 channels=6 < in.species >species\np global_pool pool=mean\nout pose_rot6d\n",
    "SO3\nin input_points\nc center_coords < in.positions >positions\nl irreps_linear out=2x1 < c\np global_pool pool=mean\nout pose_rot6d\n", 0 },

  /* 3.6 Sets and graphs */
  { "W-SET-ORDER-FEATURE", "Sn\n" SET " names=weight,index,age\nf phi widths=[8]\n" ALL, "Sn\n" SET " names=weight,height,age\nf phi widths=[8]\n" ALL, 1 },
  { "W-SET-ORDER-FEATURE", "Sn\n" SET " names=order,rank,age\nf phi widths=[8]\n" ALL, "Sn\n" SET " names=order,rank,age drop=order,rank\nf phi widths=[8]\n" ALL, 1 },
  { "W-SET-ORDER-FEATURE", "Sn\n" SET " names=index\nf phi widths=[8]\n" ALL, "Sn\n" SET " names=indices\nf phi widths=[8]\n" ALL, 0 },
  { "E-FORCES-NONSMOOTH", "E3\n" ATOMS EDGES ("1") CONV ("c", "s", "2x0e") "a scalar_act act=abs\ne energy_readout species=3 < a in.species >species\nf forces_from_energy < e.energy >energy in.positions >positions\n",
    "E3\n" ATOMS EDGES ("1") CONV ("c", "s", "2x0e") "a scalar_act act=tanh\ne energy_readout species=3 < a in.species >species\nf forces_from_energy < e.energy >energy in.positions >positions\n", 0 },
  { "W-FRAME-DISCONT", "E3\n" ATOMS "f frame_align average=off < in.positions >positions s >x\n" ALL, "E3\n" ATOMS "f frame_align < in.positions >positions s >x\n" ALL, 1 },
  { "W-ENERGY-MEAN", "E3\n" ATOMS "e node_head out=1 gives=numbers\nt per_species_scale_shift species=3 < e in.species >species\np global_pool pool=mean\nout field_output\n",
    "E3\n" ATOMS "e node_head out=1 gives=numbers\nt per_species_scale_shift species=3 < e in.species >species\np global_pool pool=sum\nout field_output\n", 1 },
  { "W-NEQUIP-LAST", "E3\n" ATOMS EDGES ("1") CONV ("c", "s", "4x0e + 2x1o") CONV ("d", "c", "4x0e + 2x1o") "q extract_scalars\ne energy_readout species=3 < q in.species >species\n",
    "E3\n" ATOMS EDGES ("1") CONV ("c", "s", "4x0e + 2x1o") CONV ("d", "c", "4x0e") "e energy_readout species=3 < d in.species >species\n", 1 },
  { "W-NEQUIP-LAST", "E3\n" ATOMS EDGES ("1") "c tfn_conv out=4x0e+2x1o hidden=[4] < s >x sh >harmonics rb >radial\ng gate\nq extract_scalars\ne energy_readout species=3 < q in.species >species\n",
    "E3\n" ATOMS EDGES ("1") CONV ("c", "s", "4x0e + 2x1o") "q norm_pool\ne energy_readout species=3 < q in.species >species\n", 1 },
  { "W-NEIGH-NORM", "O3 N=20 E=200\n" POINTS ("2") "c tfn_conv out=4x0e+2x1o gates=off neighbours=1 < s h >harmonics r >radial\n" SCORES,
    "O3 N=20 E=200\n" POINTS ("2") "c tfn_conv out=4x0e+2x1o gates=off neighbours=10 < s h >harmonics r >radial\n" SCORES, 1 },
  { "W-NEIGH-NORM", "O3\n" POINTS ("2") "c tfn_conv out=4x0e+2x1o gates=off neighbours=1 < s h >harmonics r >radial\n" SCORES,
    "O3 N=20 E=40\n" POINTS ("2") "c tfn_conv out=4x0e+2x1o gates=off neighbours=1 < s h >harmonics r >radial\n" SCORES, 1 },
  { "E-ENERGY-PARITY", "E3\n" ATOMS EDGES ("1") CONV ("c", "s", "2x0e + 2x1o") CONV ("d", "c", "2x0e + 2x1o + 2x1e") CONV ("f", "d", "2x0e + 2x0o") "e energy_readout species=3 < f in.species >species\n",
    "E3\n" ATOMS EDGES ("1") CONV ("c", "s", "2x0e + 2x1o") CONV ("d", "c", "2x0e + 2x1o + 2x1e") CONV ("f", "d", "2x0e") "e energy_readout species=3 < f in.species >species\n", 1 },
  { "W-0O-CLASS", "O3\n" ATOMS EDGES ("1") CONV ("c", "s", "2x0e + 2x1o") CONV ("d", "c", "2x0e + 2x1o + 2x1e") CONV ("e", "d", "2x0e + 2x0o") "p global_pool\nout softmax_classifier classes=6\n",
    "O3\n" ATOMS EDGES ("1") CONV ("c", "s", "2x0e + 2x1o") CONV ("d", "c", "2x0e + 2x1o + 2x1e") CONV ("e", "d", "2x0e + 2x0o") "p global_pool\nout chiral_classifier\n", 1 },
  { "E-ODD-SCALAR-ACT", "O3\n" ATOMS EDGES ("1") CONV ("c", "s", "2x0e + 2x1o") CONV ("d", "c", "2x0e + 2x1o + 2x1e") CONV ("e", "d", "2x0e + 2x0o") "a scalar_act odd=silu\nq extract_scalars\np global_pool pool=mean\nout mlp_head out=3\n",
    "O3\n" ATOMS EDGES ("1") CONV ("c", "s", "2x0e + 2x1o") CONV ("d", "c", "2x0e + 2x1o + 2x1e") CONV ("e", "d", "2x0e + 2x0o") "a scalar_act odd=abs\nq extract_scalars\np global_pool pool=mean\nout mlp_head out=3\n", 2 },
  { "E-SEG-POOLED", "E3 segmentation\n" ATOMS "p global_pool\nout segmentation_head_nodes out=3\n", "E3 segmentation\n" ATOMS "out segmentation_head_nodes out=3\n", 1 },
  { "W-FORCE-NONCONS", "E3 forces equivariant\n" ATOMS EDGES ("1") CONV ("c", "s", "2x0e + 2x1o") "forces direct_vector_head of=node\n",
    "E3 forces equivariant\n" ATOMS EDGES ("1") CONV ("c", "s", "2x0e") "e energy_readout species=3 < c in.species >species\nf forces_from_energy < e.energy >energy in.positions >positions\n", 0 },
  { "W-DEAD-OUTPUT", "O3\n" POINTS ("2") FIRST ("4x0e + 2x1o") "z fctp out=2x0e+3x0o < c >x c >y\nq extract_scalars < z.z\np global_pool pool=mean\nout mlp_head out=3\n",
    "O3\n" POINTS ("2") FIRST ("4x0e + 2x1o") "z fctp out=2x0e < c >x c >y\nq extract_scalars < z.z\np global_pool pool=mean\nout mlp_head out=3\n", 1 },
  { "W-DIPOLE-CHARGE", "E3\n" ATOMS "out dipole_head charge=1 < s in.positions >positions\n", "E3\n" ATOMS "out dipole_head < s in.positions >positions\n", 1 },
  { "E-TIME-NONSCALAR", "O3\n" ATOMS "t input_features name=time type=1x1o <\nb concat < s t\nq extract_scalars\np global_pool pool=mean\nout mlp_head out=3\n",
    "O3\n" ATOMS "t input_features name=time type=1x0e <\nb concat < s t\nq extract_scalars\np global_pool pool=mean\nout mlp_head out=3\n", 1 },
  { "E-TIME-NONSCALAR", "SO3\n" ATOMS "t input_features name=noise_level type=2x1 <\nb concat < s t\nq extract_scalars\np global_pool pool=mean\nout mlp_head out=3\n",
    "SO3\n" ATOMS "t input_features name=velocities type=2x1 <\nb concat < s t\nq extract_scalars\np global_pool pool=mean\nout mlp_head out=3\n", 1 },
  { "E-ORDERED-DECODER", "Sn generation\n" SET "\np global_pool pool=sum\nout mlp_head out=12 gives=numbers\n", "Sn generation\n" SET "\nout node_head out=12 gives=numbers\n", 1 },
  { "E-ORDERED-DECODER", "Sn generation\n" SET "\np global_pool pool=sum\nout regression_head out=12\n", "Sn regression\n" SET "\np global_pool pool=sum\nout regression_head out=12\n", 0 },
  { "W-POSENC", "Sn\n" SET " names=a,b,pos_enc drop=b\nf phi widths=[8]\n" ALL, "Sn\n" SET " names=a,b,pos_enc drop=b,pos_enc\nf phi widths=[8]\n" ALL, 1 },
  { "W-SAB-QUAD", "Sn N=800\n" SET "\nf phi widths=[8]\na sab channels=8 norm=off\n" ALL, "Sn N=400\n" SET "\nf phi widths=[8]\na sab channels=8 norm=off\n" ALL, 1 },
  { "W-SAB-QUAD", "Sn N=800\n" GRAPH "g graph_transformer over=all\n" ALL, "Sn N=400\n" GRAPH "g graph_transformer over=all\n" ALL, 1 },
  { "W-NODE-ID", "Sn\n" "in input_graph channels=4 names=id\ng gin < in in.edges >edges\n" ALL, "Sn\n" "in input_graph channels=4 names=kind\ng gin < in in.edges >edges\n" ALL, 2 },
  { "W-NODE-ID", "Sn\n" "in input_graph channels=2 names=mass,index\ng gin < in in.edges >edges\n" ALL, "Sn\n" "in input_graph channels=2 names=mass,index drop=index\ng gin < in in.edges >edges\n" ALL, 2 },
  { "W-LAPPE-SIGN", "Sn\n" "in input_graph channels=2 names=mass,lap_pe\ng gin < in in.edges >edges\n" ALL, "Sn\n" "in input_graph channels=2 names=mass,charge\ng gin < in in.edges >edges\n" ALL, 1 },
  { "E-LSTM-AGGR", "Sn\n" GRAPH "g sage channels=6 pool=lstm < in in.edges >edges\n" ALL, "Sn\n" GRAPH "g sage channels=6 pool=max < in in.edges >edges\n" ALL, 1 },
  { "W-EDGEFEAT-IGNORED", "Sn\n" RICH_GRAPH "g gcn channels=6 < in in.edges >edges\n" ALL, "Sn\n" GRAPH "g gcn channels=6 < in in.edges >edges\n" ALL, 1 },
  { "W-EDGEFEAT-IGNORED", "Sn\n" RICH_GRAPH "g gat channels=6 heads=2 < in in.edges >edges\n" ALL, "Sn\n" RICH_GRAPH "g gine < in in.edges >edges\n" ALL, 2 },
  { "W-EDGEFEAT-IGNORED", "Sn\n" RICH_GRAPH "g gatv2 channels=6 heads=2 < in in.edges >edges\n" ALL, "Sn\n" RICH_GRAPH "g gatv2 channels=6 heads=2 reads_edges=on < in in.edges >edges\n" ALL, 2 },
  { "W-TOPK-TIES", "Sn\n" GRAPH "g gin widths=[4] < in in.edges >edges\np topk_pool\nout mlp_head out=3\n", "Sn\n" GRAPH "g gin widths=[4] < in in.edges >edges\np topk_pool ratio=1\nout mlp_head out=3\n", 2 },
  { "W-TOPK-TIES", "Sn\n" GRAPH "g gin widths=[4] < in in.edges >edges\np topk_pool < g in.edges >edges\nh gin widths=[4] < p.nodes p.edges >edges\n" ALL_OF ("h"),
    "Sn\n" GRAPH "g gin widths=[4] < in in.edges >edges\np topk_pool ratio=1 < g in.edges >edges\nh gin widths=[4] < p.nodes p.edges >edges\n" ALL_OF ("h"), 1 },
  { "W-EDGEFEAT-IGNORED", "Sn\n" "in input_graph channels=4 edge_channels=1\ng gcn channels=4 < in in.edges >edges\na add < g in\n" ALL, "Sn\n" "in input_graph channels=4 edge_channels=1\ng gcn channels=4 weights=on < in in.edges >edges\na add < g in\n" ALL, 1 },
  { "W-OVERSMOOTH", "Sn\n" GRAPH "a gcn channels=6 < in in.edges >edges\nb gcn channels=6 < a in.edges >edges\nr relu_pw\nc gcn channels=6 < r in.edges >edges\nd gcn channels=6 < c in.edges >edges\ne gcn channels=6 < d in.edges >edges\n" ALL,
    "Sn\n" GRAPH "a gcn channels=6 < in in.edges >edges\nb gcn channels=6 < a in.edges >edges\nr relu_pw\nc gcn channels=6 < r in.edges >edges\nd gcn channels=6 < c in.edges >edges\n" ALL, 1 },
  { "W-OVERSMOOTH", "Sn\n" GRAPH "a gcn channels=6 < in in.edges >edges\nb gcn channels=6 < a in.edges >edges\nc gcn channels=5 < b in.edges >edges\nd gcn channels=5 < c in.edges >edges\ne gcn channels=5 < d in.edges >edges\nf gcn channels=5 < e in.edges >edges\n" ALL,
    "Sn\n" GRAPH "a gcn channels=6 < in in.edges >edges\nb gcn channels=6 < a in.edges >edges\nc gcn channels=5 < b in.edges >edges\nd gcn channels=5 < c in.edges >edges\ns add < c d\ne gcn channels=5 < s in.edges >edges\n" ALL, 1 },
  { "W-FCTP-COST", "Sn\n" RICH_GRAPH "f phi widths=[160]\ng nnconv channels=80 < f in.edges >edges\n" ALL, "Sn\n" RICH_GRAPH "f phi widths=[100]\ng nnconv channels=80 < f in.edges >edges\n" ALL, 1 },
  { "W-FCTP-COST", "Sn\n" RICH_GRAPH "f phi widths=[128]\ng nnconv channels=128 update=gru steps=2 < f in.edges >edges\n" ALL, "Sn\n" RICH_GRAPH "f phi widths=[64]\ng nnconv channels=64 update=gru steps=2 < f in.edges >edges\n" ALL, 1 },
  { "W-IGN-MEM", "Sn N=80\n" RICH_GRAPH "m graph_pairs < in in.edges >edges\na ign_2to2 channels=5\nr relu_pw\nb ign_2to2 channels=4\np ign_2to0 channels=6\nout mlp_head out=3\n",
    "Sn N=40\n" RICH_GRAPH "m graph_pairs < in in.edges >edges\na ign_2to2 channels=5\nr relu_pw\nb ign_2to2 channels=4\np ign_2to0 channels=6\nout mlp_head out=3\n", 1 },
  { "W-IGN-MEM", "Sn N=80\n" GRAPH "m graph_pairs < in in.edges >edges\na ign_2to2 channels=5\nb ign_2to1 channels=4\n" ALL, "Sn\n" GRAPH "m graph_pairs < in in.edges >edges\na ign_2to2 channels=5\nb ign_2to1 channels=4\n" ALL, 1 },
  { "W-IGN-MEM", "Sn N=80\n" GRAPH "a ign_1to2 channels=5\nb ign_2to1 channels=4\n" ALL, "Sn N=60\n" GRAPH "a ign_1to2 channels=5\nb ign_2to1 channels=4\n" ALL, 0 },
  { "I-SUM-SIZE", "O3\n" ATOMS "p rho_pool pool=sum\nout mlp_head out=3\n", "O3\n" ATOMS "p rho_pool pool=mean\nout mlp_head out=3\n", 1 },
  { "I-MEAN-COUNT", "O3\n" ATOMS "d deepsets_equiv channels=5\np rho_pool pool=mean\nout mlp_head out=3\n", "O3\n" ATOMS "d deepsets_equiv channels=5\np rho_pool pool=sum\nout mlp_head out=3\n", 1 },
  { "I-SUM-SIZE", "Sn\n" GRAPH "g gin widths=[4] < in in.edges >edges\np global_pool pool=sum\nout mlp_head out=3\n", "Sn\n" GRAPH "g gin widths=[4] < in in.edges >edges\np global_pool pool=max\nout mlp_head out=3\n", 1 },
  { "I-MEAN-COUNT", "Sn\n" GRAPH "g gin widths=[4] < in in.edges >edges\np global_pool pool=mean\nout mlp_head out=3\n", "Sn\n" GRAPH "g gin widths=[4] < in in.edges >edges\np global_pool pool=max\nout mlp_head out=3\n", 1 },
  { "I-ATTENTION-COUNT", "Sn\n" GRAPH "p pma channels=4 heads=2\nout mlp_head out=3\n", "Sn\n" GRAPH "p global_pool pool=sum\nout mlp_head out=3\n", 0 },
  { "I-ATTENTION-COUNT", "Sn\n" GRAPH "p set2set\nout mlp_head out=3\n", "Sn\n" GRAPH "p global_pool pool=max\nout mlp_head out=3\n", 0 },
  { "I-ATTENTION-COUNT", "Sn\n" GRAPH "p attention_pool\nout mlp_head out=3\n", "Sn\n" GRAPH "p global_pool pool=mean\nout mlp_head out=3\n", 0 },
  { "I-ATTENTION-COUNT", "Sn\n" GRAPH "p global_pool pool=softmax\nout mlp_head out=3\n", "Sn\n" GRAPH "p global_pool pool=sum\nout mlp_head out=3\n", 0 },
  { "E-EDGECONV-ROT", "O3\nin input_points species=3\ns species_embed species=3 channels=4 < in.species >species\nl radius_graph < in.positions >positions\ne edgeconv widths=[4] < in.positions l.length >edges\np global_pool pool=max\nout mlp_head out=3\n", "O3\nin input_points species=3\ns species_embed species=3 channels=4 < in.species >species\nl radius_graph < in.positions >positions\ne edgeconv widths=[4] < s l.length >edges\np global_pool pool=max\nout mlp_head out=3\n", 0 },
};

/* Raised in the code but not by a planar design. */
static const struct { const char *code, *why; } elsewhere[] = {
  { "E-COORD-AS-FEATURE", "coordinates come from point clouds" },
  { "W-NEWER-FORMAT", "files: below" },
};

/* ---- findings ---- */

static EqsCheck *
check (EqsDocument *document)
{
  g_autoptr (GError) error = NULL;
  EqsCheck *result = eqs_check_new (document, &error);

  g_assert_no_error (error);
  return result;
}

static EqsProblem *
problem_at (EqsCheck *self, guint i)
{
  return g_ptr_array_index (self->problems, i);
}

static guint
count (EqsCheck *self, const char *code)
{
  guint n = 0;

  for (guint i = 0; i < self->problems->len; i++)
    n += strcmp (problem_at (self, i)->code, code) == 0;
  return n;
}

static guint
count_severity (EqsCheck *self, EqkSeverity severity)
{
  guint n = 0;

  for (guint i = 0; i < self->problems->len; i++)
    n += problem_at (self, i)->severity == severity;
  return n;
}

static char *
list (EqsCheck *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->problems->len; i++)
    g_string_append_printf (text, "\n    %s at %s: %s", problem_at (self, i)->code, problem_at (self, i)->node, problem_at (self, i)->message);
  return g_string_free (text, FALSE);
}

static EqkGuarantee
guarantee_of (EqsCheck *self)
{
  return eqk_typed_guarantee (self->typed);
}

static int n_faults;

G_GNUC_PRINTF (3, 4) static void
fault (const Case *test, EqsCheck *found, const char *format, ...)
{
  g_autofree char *problems = found == NULL ? g_strdup ("") : list (found), *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_printerr ("%s: %s\n  %s  has%s\n", test->code, text, test->fires, problems);
  n_faults++;
}

/* What a fix must not do, and what it must. */
static void
judge (const Case *test, const char *label, EqsCheck *before, EqsCheck *after)
{
  const EqkLintRule *rule = eqk_lint_find (test->code);

  if (count (after, test->code) >= count (before, test->code))
    fault (test, after, "“%s” does not mend it", label);
  if (count_severity (after, EQK_SEVERITY_ERROR) > count_severity (before, EQK_SEVERITY_ERROR))
    fault (test, after, "“%s” makes more errors", label);
  for (guint i = 0; i < after->problems->len; i++)
    if (problem_at (after, i)->severity != EQK_SEVERITY_NOTE && count (after, problem_at (after, i)->code) > count (before, problem_at (after, i)->code))
      fault (test, after, "“%s” brings %s", label, problem_at (after, i)->code);
  if (before->blocks == EQK_BLOCKS_RUN || after->typed == NULL)
    {
      if (after->blocks == EQK_BLOCKS_RUN)
        fault (test, after, "“%s” leaves a design that cannot run", label);
      return;
    }
  if (after->program == NULL)
    fault (test, after, "“%s” leaves a design that cannot run", label);
  if (rule->blocks == EQK_BLOCKS_PROMISE && !after->ok)
    fault (test, after, "“%s” leaves the promise blocked", label);
  if (strcmp (test->code, "W-OVERCONSTRAIN") != 0 &&   /* there the symmetry is what is too much */
      ((guarantee_of (before).exact & ~guarantee_of (after).exact) != 0 || guarantee_of (after).holds > guarantee_of (before).holds))
    fault (test, after, "“%s” loses some of the guarantee", label);
  if (rule->blocks == EQK_BLOCKS_PROMISE && strcmp (test->code, "E-LOSS-NONINV") != 0 /* of the training, not the network */ && guarantee_of (before).holds != EQK_HOLDS_EXACT && guarantee_of (after).holds == guarantee_of (before).holds
      && guarantee_of (after).exact == guarantee_of (before).exact)
    fault (test, after, "“%s” restores nothing", label);
}

static void
try_fix (const Case *test, EqsHistory *history, EqsCheck *before, const EqsFix *fix)
{
  EqsDocument *document = eqs_history_get_document (history);
  g_autofree char *original = eqs_file_to_text (document, NULL), *undone = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *edits = eqs_edits_new ();

  for (guint i = 0; i < fix->edits->len; i++)
    g_ptr_array_add (edits, eqs_edit_copy (g_ptr_array_index (fix->edits, i)));
  if (!eqs_history_do (history, eqs_command_new_edits (fix->label, edits), &error))
    {
      fault (test, before, "“%s” fails: %s", fix->label, error->message);
      return;
    }
  {
    g_autoptr (EqsCheck) after = check (document);

    judge (test, fix->label, before, after);
  }
  g_assert_cmpuint (eqs_history_get_position (history), ==, 1);
  g_assert_true (eqs_history_undo (history));
  undone = eqs_file_to_text (document, NULL);
  if (strcmp (undone, original) != 0)
    fault (test, before, "undoing “%s” leaves traces", fix->label);
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  g_autoptr (EqsDocument) document = design (test->fires), other = design (test->silent);
  g_autoptr (EqsHistory) history = eqs_history_new (document);
  g_autoptr (EqsCheck) found = check (document), quiet = check (other);
  gboolean seen = FALSE;

  n_faults = 0;
  if (count (quiet, test->code) != 0)
    fault (test, quiet, "also where it should not, in\n  %s", test->silent);
  if (count_severity (quiet, EQK_SEVERITY_ERROR) > 0)
    fault (test, quiet, "the sibling has errors:\n  %s", test->silent);
  for (guint i = 0; i < found->problems->len; i++)
    {
      const EqsProblem *problem = problem_at (found, i);

      if (strpbrk (problem->message, "{}") != NULL)
        fault (test, found, "a message of %s has an open place", problem->code);
      if (strcmp (problem->code, test->code) != 0 || seen)
        continue;
      seen = TRUE;
      if ((int) problem->fixes->len < test->n_fixes)
        fault (test, found, "only %u fixes", problem->fixes->len);
      for (guint k = 0; k < problem->fixes->len; k++)
        try_fix (test, history, found, g_ptr_array_index (problem->fixes, k));
    }
  if (!seen)
    fault (test, found, "not found");
  if (n_faults > 0)
    g_test_fail ();
}

/* ---- one cause, one problem ---- */

/* A misspelt “group” is no symmetry, and is said. */
static void
test_misspelt_group (void)
{
  static const char *const keys[] = { "grup", "group" };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"format\":\"equistudio.design\",\"version\":1,\"symmetry\":{\"%s\":\"C4\"},\"nodes\":[{\"id\":\"in\",\"layer\":\"input_image\"}]}", keys[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (EqsDocument) document = eqs_file_parse (text, -1, &error);
      g_autoptr (EqsCheck) found = check (document);
      const EqsProblem *first = found->problems->len == 0 ? NULL : g_ptr_array_index (found->problems, 0);

      g_assert_no_error (error);
      g_assert_true ((first != NULL && strcmp (first->code, "E-GROUP-UNKNOWN") == 0 && strstr (first->message, "grup") != NULL) == (i == 0));
    }
}

/* A file of a newer format is read, and that it is one is said. */
static void
test_newer_format (void)
{
  for (guint version = 1; version <= 2; version++)
    {
      g_autofree char *text = g_strdup_printf ("{\"format\":\"equistudio.design\",\"version\":%u,\"symmetry\":{\"group\":\"C4\"},\"nodes\":[{\"id\":\"in\",\"layer\":\"input_image\"}]}", version);
      g_autoptr (GError) error = NULL;
      g_autoptr (EqsDocument) document = eqs_file_parse (text, -1, &error);
      g_autoptr (EqsCheck) found = check (document);
      guint told = 0;

      g_assert_no_error (error);
      for (guint i = 0; i < found->problems->len; i++)
        told += strcmp (((EqsProblem *) g_ptr_array_index (found->problems, i))->code, "W-NEWER-FORMAT") == 0;
      g_assert_cmpuint (told, ==, version - 1);
    }
}

/* What the first fix of a problem would change. */
static const char *
changes_of (EqsCheck *found, const char *code)
{
  static char text[256];

  for (guint i = 0; i < found->problems->len; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (found->problems, i);
      g_autofree char  *changes = strcmp (problem->code, code) != 0 || problem->fixes->len == 0 ? NULL : eqs_fix_dup_text (g_ptr_array_index (problem->fixes, 0), NULL);

      if (changes != NULL)
        g_strlcpy (text, changes, sizeof text);
    }
  return text;
}

static void
test_one_cause (void)
{
  g_autoptr (EqsDocument) input = design ("C4\nin input_image height=30 width=30\nc r2conv out=2x reg k=3 stride=2\nd r2conv out=2x reg k=3 stride=2\n" OUT);
  g_autoptr (EqsDocument) layer = design ("C4\n" IN BRANCHES ("k=2 stride=2") OUT);
  g_autoptr (EqsCheck) at_input = check (input), at_layer = check (layer);
  const EqsProblem *problem;

  g_assert_cmpuint (count (at_input, "W-EVEN-STRIDE-GRID"), ==, 1);
  g_assert_cmpstr (changes_of (at_input, "W-EVEN-STRIDE-GRID"), ==, "in: height 33, width 33");
  g_assert_cmpuint (count (at_input, "W-STRIDE-ASYM"), ==, 0);
  g_assert_cmpuint (count (at_layer, "W-EVEN-STRIDE-GRID"), ==, 0);
  g_assert_cmpuint (count (at_layer, "W-STRIDE-ASYM"), ==, 1);
  /* Two layers with stride 2: 31 mends the first only. */
  problem = problem_at (at_input, 0);
  g_assert_cmpstr (problem->node, ==, "c");
  g_assert_cmpuint (problem->fixes->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const EqsEdit *edit = g_ptr_array_index (((EqsFix *) g_ptr_array_index (problem->fixes, 0))->edits, i);

      g_assert_cmpfloat (eqs_value_get_number (edit->value), ==, 33);
    }
}

/* The command line names nodes by their ids, the window by their titles; an apostrophe does not end the sentence. */
static void
test_titles (void)
{
  g_autoptr (EqsDocument) document = design ("C4\n" IN "c r2conv out=2x reg k=3\nd r2conv out=2x reg k=3 < c\nout field_output < c\n");
  g_autoptr (EqsCheck) untitled = check (document), titled = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (problem_at (untitled, 0)->message, ==, "d does not influence the output.");
  g_assert_cmpstr (problem_at (untitled, 0)->titled, ==, "“Steerable convolution” does not influence the output.");
  g_assert_true (eqs_document_set_title (document, "d", "Anna's d", &error));
  titled = check (document);
  g_assert_cmpstr (problem_at (titled, 0)->message, ==, "d does not influence the output.");
  g_assert_cmpstr (problem_at (titled, 0)->titled, ==, "“Anna's d” does not influence the output.");
}

/* Bound data keep their size: what is offered first there works behind the input. */
static void
test_bound_size (void)
{
  g_autoptr (EqsDocument) document = design ("C4\nin input_image height=30 width=30\nc r2conv out=2x reg k=3 stride=2\n" OUT);
  g_autoptr (EqsCheck) unbound = check (document), bound = NULL;
  g_autoptr (EqsValue) name = eqs_value_new_string ("digits");
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (changes_of (unbound, "W-EVEN-STRIDE-GRID"), ==, "in: height 31, width 31");
  g_assert_true (eqs_document_set_entry (document, EQS_SECTION_DATA, "name", name, &error));
  bound = check (document);
  g_assert_cmpstr (changes_of (bound, "W-EVEN-STRIDE-GRID"), ==, "new resize after in (height 31, width 31)");
}

/* ---- templates ---- */

static void
test_templates (void)
{
  const char *folder = PROJECT_DIR "/data/templates";
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  int n = 0;

  g_assert_nonnull (dir);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    if (g_str_has_suffix (name, ".equi"))
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);
        g_autoptr (GError) error = NULL;
        g_autoptr (EqsDocument) document = eqs_file_load (path, &error);
        g_autoptr (EqsCheck) found = NULL;
        g_autofree char *problems = NULL;

        g_assert_no_error (error);
        found = check (document);
        problems = list (found);
        if (count_severity (found, EQK_SEVERITY_NOTE) != found->problems->len)
          g_error ("%s:%s", name, problems);
        g_assert_true (found->ok);
        n++;
      }
  g_assert_cmpint (n, >=, 4);
}

/* Widths found for a limit come within 5 % of it, though fields are whole numbers, and widths that meet at a sum stay equal. */
static void
test_budget (void)
{
  static const char *const texts[] = {
    "D4 max_parameters=30000 classification\n" IN "c r2conv out=8x reg k=3\nd r2conv out=16x reg k=3\ne r2conv out=32x reg k=3\n" CLASSIFY,
    "D4 max_parameters=11000 classification\n" IN "c r2conv out=8x reg k=3\nd r2conv out=16x reg k=3\ne r2conv out=16x reg k=3\ns add < d e\n" CLASSIFY,
    "C4 max_macs=3e6 classification\n" IN "c r2conv out=20x reg k=3\nd r2conv out=30x reg k=3\n" CLASSIFY };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (EqsDocument) document = design (texts[i]);
      g_autoptr (EqsCheck)    before = check (document), after = NULL;
      double limit, found;

      g_test_message ("design %zu: %lld parameters, %.0f operations", i, (long long) before->parameters, before->macs);
      g_assert_cmpuint (count (before, "W-BUDGET"), ==, 1);
      for (guint k = 0; k < before->problems->len; k++)
        if (strcmp (problem_at (before, k)->code, "W-BUDGET") == 0)
          {
            g_assert_cmpuint (problem_at (before, k)->fixes->len, ==, 1);
            g_assert_true (eqs_edits_apply (((EqsFix *) g_ptr_array_index (problem_at (before, k)->fixes, 0))->edits, document, NULL));
          }
      after = check (document);
      g_assert_cmpuint (count (after, "W-BUDGET"), ==, 0);
      g_assert_nonnull (after->program);
      limit = eqs_map_get_number (eqs_document_get_section (document, EQS_SECTION_SPEC), i == 2 ? "max_macs" : "max_parameters", 0);
      found = i == 2 ? after->macs : (double) after->parameters;
      g_test_message ("%.0f of %.0f", found, limit);
      g_assert_cmpfloat (found, <=, limit);
      g_assert_cmpfloat (found, >=, 0.95 * limit);
    }
}

/* ---- every code that the code knows ---- */

static void
collect_codes (const char *path, GHashTable *codes)
{
  g_autoptr (GRegex) pattern = g_regex_new ("\"([EWI]-[A-Z0-9-]*[A-Z0-9])\"", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (g_regex_match (pattern, text, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    g_hash_table_add (codes, g_match_info_fetch (match, 1));
}

static void
test_covered (void)
{
  const char *const folders[] = { "kernels/layers", "kernels/graph", "src/model" };
  g_autoptr (GHashTable) codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) covered = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer code;
  int missing = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = g_build_filename (PROJECT_DIR, folders[i], NULL);
      g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

      for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
        if ((g_str_has_suffix (name, ".c") || g_str_has_suffix (name, ".h")) && strcmp (name, "lint-table.c") != 0)
          {
            g_autofree char *path = g_build_filename (folder, name, NULL);

            collect_codes (path, codes);
          }
    }
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_hash_table_add (covered, (gpointer) cases[i].code);
  for (gsize i = 0; i < G_N_ELEMENTS (elsewhere); i++)
    {
      g_assert_false (g_hash_table_contains (covered, elsewhere[i].code));
      g_assert_true (g_hash_table_contains (codes, elsewhere[i].code));
      g_hash_table_add (covered, (gpointer) elsewhere[i].code);
    }
  g_hash_table_iter_init (&iter, codes);
  while (g_hash_table_iter_next (&iter, &code, NULL))
    if (!g_hash_table_contains (covered, code))
      {
        g_printerr ("no case for %s\n", (char *) code);
        missing++;
      }
  g_assert_cmpint (missing, ==, 0);
  g_hash_table_iter_init (&iter, covered);
  while (g_hash_table_iter_next (&iter, &code, NULL))
    g_assert_nonnull (eqk_lint_find (code));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/lints/case/%s/%zu", cases[i].code, i);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/lints/misspelt-group", test_misspelt_group);
  g_test_add_func ("/lints/newer-format", test_newer_format);
  g_test_add_func ("/lints/one-cause", test_one_cause);
  g_test_add_func ("/lints/bound-size", test_bound_size);
  g_test_add_func ("/lints/budget", test_budget);
  g_test_add_func ("/lints/titles", test_titles);
  g_test_add_func ("/lints/templates", test_templates);
  g_test_add_func ("/lints/covered", test_covered);
  return g_test_run ();
}
