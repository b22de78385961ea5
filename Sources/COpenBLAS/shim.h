// The C interface of OpenBLAS, as the tensor engine sees it.
#include <cblas.h>
