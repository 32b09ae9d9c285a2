#include "data/error.h"

G_DEFINE_QUARK (eqs-data-error-quark, eqs_data_error)
