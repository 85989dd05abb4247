"""Our datasets in the words of DCAT-AP.de 3, and other catalogues' words back into ours."""
