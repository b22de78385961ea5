// The message digests of OpenSSL's libcrypto, as the record store sees them.
#include <openssl/evp.h>
