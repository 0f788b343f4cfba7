"""What every screen says, without a screen: outcomes in, frozen view states out."""
