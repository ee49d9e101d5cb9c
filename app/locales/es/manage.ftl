# Deleting and exporting one submission.

manage-title = Gestionar un reparto
manage-description = Elimine o exporte un reparto, desde cualquier dispositivo.
manage-heading = Gestionar este reparto
manage-see = Verlo junto al de todos
manage-go-on = Continuar
manage-counts = Cuenta.
manage-replaced = Uno más reciente lo ha sustituido en el recuento.
manage-along = Llevárselo
manage-back = Retirarlo
manage-back-about = Deja de contar de inmediato. Antes de hacer nada se le pedirá confirmación.

delete-title = Eliminar un reparto
delete-description = Retire un reparto: deja de contar de inmediato.
delete-question = ¿Eliminar este reparto?
delete-lede = Deja de contar de inmediato, su dirección ya no lleva a ninguna parte y nadie puede recuperarlo.
delete-yes = Eliminarlo
delete-no = Conservarlo
delete-done = Su reparto ya no cuenta
delete-done-about = <everyone>Lo que dijo la gente</everyone> ya se cuenta sin él.
