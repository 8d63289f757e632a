"""Operations of an approved plan, carried out at the vendor and read back."""
