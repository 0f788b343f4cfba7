"""The touch kiosk: a volunteer shows the 志愿者证 to the camera, and the duty is on record."""
